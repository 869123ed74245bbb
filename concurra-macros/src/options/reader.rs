//! The forms of values. For a value in another form the message shows the right form, with the user's
//! own words if possible.

use std::fmt::Display;
use std::time::Duration;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parse;
use syn::{LitInt, LitStr, Path};

use super::element;
use crate::mistakes::Mistakes;
use crate::names::path_text;
use crate::tokens::split_at_commas;
use crate::{constant, duration};

/// Reads an element of a list. The error shows the right form.
type Element<T> = fn(&TokenStream) -> Result<T, String>;

type ParseDuration = fn(&str) -> Result<Duration, String>;

/// One option as the user wrote it. The methods read its value; `None` stands for a mistake.
pub(super) struct Reader<'a> {
    pub(super) name: Ident,
    /// The tokens after `=`; empty without a value.
    value: TokenStream,
    tokens: &'a TokenStream,
    pub(super) mistakes: &'a mut Mistakes,
}

impl<'a> Reader<'a> {
    /// Reads `name`, `name = value`, or a name before other tokens. `None`: the tokens do not begin with
    /// a name.
    pub(super) fn new(tokens: &'a TokenStream, mistakes: &'a mut Mistakes) -> Option<Self> {
        let mut rest = tokens.clone().into_iter();
        let Some(TokenTree::Ident(name)) = rest.next() else { return None };
        let value = match rest.next() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => rest.collect(),
            _ => TokenStream::new(),
        };
        Some(Self { name, value, tokens, mistakes })
    }

    /// The name of another option in the value, as in `retries = 2 isolate = ..`: a comma is missing.
    pub(super) fn next_option(&self) -> Option<Ident> {
        let value = self.value.clone().into_iter().collect::<Vec<_>>();
        let is_equals = |token: &TokenTree| token.to_string() == "=";
        value.windows(3).find_map(|three| match three {
            [_, TokenTree::Ident(name), equals] if is_equals(equals) => Some(name.clone()),
            _ => None,
        })
    }

    /// `name`, alone.
    pub(super) fn flag(&mut self) -> Option<Ident> {
        let Self { name, value, tokens, mistakes } = self;
        if TokenStream::clone(tokens).into_iter().count() == 1 {
            return Some(name.clone());
        }
        let (verb, how) =
            if value.to_string() == "false" { ("leave", "out") } else { ("write", "alone") };
        mistakes.at(tokens, format!("`{name}` takes no value: {verb} `{name}` {how}"));
        None
    }

    /// `name = 2` or `name = never`, as a constant `Option`.
    pub(super) fn retries(&mut self, example: &str) -> Option<TokenStream> {
        if self.value().is_some_and(|word: Ident| word == "never") {
            return Some(constant::optional(None::<u32>));
        }
        self.number(example).map(constant::some)
    }

    /// `name`, or `name = "db"`: the field of `TaskOptions`, and its value.
    pub(super) fn serial(&mut self, example: &str) -> Option<(&'static str, TokenStream)> {
        if TokenStream::clone(self.tokens).into_iter().count() == 1 {
            return Some(("alone", quote!(true)));
        }
        let form = "no value, or a name in quotes: write";
        let name: LitStr =
            self.require(self.value(), form, |it| format!("\"{}\"", it.word(example)))?;
        let checked = element::label(&name, "name");
        self.check(&name, checked).map(|name| ("serial", constant::some(name)))
    }

    fn number(&mut self, example: &str) -> Option<u32> {
        let literal = self.value().filter(|it: &LitInt| matches!(it.suffix(), "" | "u32"));
        let literal = self.require(literal, "a whole number or `never`: write", |it| {
            let is_valid = |word: &String| word == "never" || word.parse::<u32>().is_ok();
            Some(it.word(example)).filter(is_valid).unwrap_or_else(|| example.to_owned())
        })?;
        let name = &self.name;
        let number = literal.base10_parse().map_err(|_| {
            if literal.base10_digits().starts_with('-') {
                format!("`{name}` cannot be negative: write `{name} = 0` for none")
            } else {
                format!("`{name}` is at most {}: write a smaller number", u32::MAX)
            }
        });
        self.check(self.value.clone(), number)
    }

    /// `name = "5s"`.
    pub(super) fn duration(&mut self, example: &str, parse: ParseDuration) -> Option<TokenStream> {
        let form = "text: write a duration such as";
        let text: LitStr = self
            .require(self.value(), form, |it| format!("\"{}\"", it.unquoted_duration(example)))?;
        self.check(&text, parse(&text.value())).map(constant::duration)
    }

    /// `name = "why"`.
    pub(super) fn reason(&mut self, example: &str) -> Option<LitStr> {
        let instead = |it: &Self| format!("\"{}\"", it.word(example));
        let reason: LitStr = self.require(self.value(), "a reason: write", instead)?;
        let is_empty = reason.value().trim().is_empty();
        let message = "an empty string is not a reason: write why the task is ignored";
        self.check(&reason, if is_empty { Err(message) } else { Ok(reason.clone()) })
    }

    /// `name = renamed`.
    pub(super) fn path(&mut self, example: &str) -> Option<Path> {
        self.require(self.value(), "a path: write", |it| it.word(example))
    }

    /// `name = ["a", "b"]`, without the elements that `read` refuses.
    pub(super) fn list<T>(&mut self, example: &str, read: Element<T>) -> Vec<T> {
        let instead = |it: &Self| format!("[\"{}\"]", it.word(example));
        let group = self.value().filter(|it: &Group| it.delimiter() == Delimiter::Bracket);
        let group = self.require(group, "a list: write", instead);
        let elements = group.map(|group| split_at_commas(group.stream())).unwrap_or_default();
        let (mut list, mut seen) = (Vec::new(), Vec::new());
        for element in elements {
            let text = syn::parse2(element.clone()).map(|text: LitStr| text.value());
            let text = text.unwrap_or_else(|_| element.to_string());
            let is_first = !seen.contains(&text);
            let twice = || format!("`{text}` is given twice: remove one");
            let read = read(&element).and_then(|it| is_first.then_some(it).ok_or_else(twice));
            list.extend(self.check(&element, read));
            seen.push(text);
        }
        list
    }

    fn value<T: Parse>(&self) -> Option<T> {
        syn::parse2(self.value.clone()).ok()
    }

    /// The text of a value that is a single string or path, or else the example.
    fn word(&self, example: &str) -> String {
        let text = self.value().map(|text: LitStr| text.value());
        let word = text.or_else(|| self.value().map(|path: Path| path_text(&path)));
        word.unwrap_or_else(|| example.to_owned())
    }

    /// A value without quotes as a duration: `5s` as it is, `5` with the example's unit.
    fn unquoted_duration(&self, example: &str) -> String {
        let unit = example.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let written = self.value.to_string();
        let with_unit = format!("{written}{unit}");
        let mut candidates = [with_unit, written].into_iter();
        let duration = candidates.find(|text| duration::parse(text).is_ok());
        duration.unwrap_or_else(|| example.to_owned())
    }

    /// Records what to write when the value has another form.
    fn require<T>(
        &mut self,
        value: Option<T>,
        form: &str,
        instead: impl FnOnce(&Self) -> String,
    ) -> Option<T> {
        if value.is_none() {
            let (name, instead) = (&self.name, instead(self));
            let message = format!("`{name}` takes {form} `{name} = {instead}`");
            self.mistakes.at(self.tokens, message);
        }
        value
    }

    /// Records what is wrong with a value of the right form.
    fn check<T>(&mut self, at: impl ToTokens, value: Result<T, impl Display>) -> Option<T> {
        value.map_err(|message| self.mistakes.at(at, message)).ok()
    }
}
