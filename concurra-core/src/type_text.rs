//! Short names of types for people, made of the text that the compiler gives.

/// The two types of a mismatch: `an i32` and `a String`, in full where the short names are alike.
pub(crate) fn pair(found: &str, asked: &str) -> (String, String) {
    let (short_found, short_asked) = (short(found), short(asked));
    if short_found == short_asked {
        (with_article(found), with_article(asked))
    } else {
        (with_article(&short_found), with_article(&short_asked))
    }
}

/// A type with its article and without paths.
pub(crate) fn one(name: &str) -> String {
    with_article(&short(name))
}

/// A type's name without the paths of its parts: `Vec<Row>`.
pub(crate) fn short(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut segment = 0;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if c == ':' && chars.peek() == Some(&':') {
            chars.next();
            text.truncate(segment);
            continue;
        }
        text.push(c);
        if !(c.is_alphanumeric() || c == '_' || c == '{' || c == '}') {
            segment = text.len();
        }
    }
    text
}

/// Puts `a` or `an` in front, by sound: an i32, an f64, a u8.
fn with_article(name: &str) -> String {
    let an = name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O'])
        || matches!(name, "f16" | "f32" | "f64" | "f128");
    format!("{} {name}", if an { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::any::type_name;

    #[test]
    fn types_have_short_names() {
        assert_eq!(one(type_name::<i32>()), "an i32");
        assert_eq!(one(type_name::<u8>()), "a u8");
        assert_eq!(one(type_name::<f64>()), "an f64");
        assert_eq!(one(type_name::<&'static str>()), "a &str");
        assert_eq!(one(type_name::<Vec<Option<String>>>()), "a Vec<Option<String>>");
        assert_eq!(one(type_name::<(String, [Vec<u8>; 2])>()), "a (String, [Vec<u8>; 2])");
        assert_eq!(one(type_name::<dyn Send>()), "a dyn Send");
    }

    #[test]
    fn types_with_the_same_short_name_have_long_names() {
        assert_eq!(pair("a::Config", "b::Config"), ("an a::Config".into(), "a b::Config".into()));
        assert_eq!(pair("i32", "alloc::string::String"), ("an i32".into(), "a String".into()));
    }
}
