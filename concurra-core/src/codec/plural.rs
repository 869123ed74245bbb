//! How std's containers look as JSON, by how their parts do. As loops, for the reason that `plain`
//! has.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value as Json};

use super::plain::{Read, Write, wrong};

impl<T: Write> Write for Option<T> {
    fn to_json(&self) -> Result<Json, String> {
        match self {
            Some(value) => match value.to_json()? {
                Json::Null => Err("it would be read as `None`".to_owned()),
                json => Ok(json),
            },
            None => Ok(Json::Null),
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn from_json(json: Json) -> Result<Self, String> {
        if json.is_null() { Ok(None) } else { T::from_json(json).map(Some) }
    }
}

impl<T: Read> Read for Vec<T> {
    fn from_json(json: Json) -> Result<Self, String> {
        let Json::Array(items) = json else { return Err(wrong(&json, "a list")) };
        let mut list = Self::with_capacity(items.len());
        for item in items {
            list.push(T::from_json(item)?);
        }
        Ok(list)
    }
}

macro_rules! lists {
    ($($list:ident)*) => { $(
        impl<T: Write> Write for $list<T> {
            fn to_json(&self) -> Result<Json, String> {
                let mut list = Vec::new();
                for item in self {
                    list.push(item.to_json()?);
                }
                Ok(Json::Array(list))
            }
        }
    )* };
}

lists!(Vec HashSet BTreeSet);

macro_rules! maps {
    ($($map:ident)*) => { $(
        impl<K: AsRef<str>, T: Write> Write for $map<K, T> {
            fn to_json(&self) -> Result<Json, String> {
                let mut map = Map::new();
                for (key, value) in self {
                    map.insert(key.as_ref().to_owned(), value.to_json()?);
                }
                Ok(Json::Object(map))
            }
        }

        impl<T: Read> Read for $map<String, T> {
            fn from_json(json: Json) -> Result<Self, String> {
                let Json::Object(entries) = json else { return Err(wrong(&json, "a map")) };
                let mut map = Self::new();
                for (key, value) in entries {
                    map.insert(key, T::from_json(value)?);
                }
                Ok(map)
            }
        }
    )* };
}

maps!(HashMap BTreeMap);
