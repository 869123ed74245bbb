//! A stamp as JSON, and back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::stamp::{Executable, Inputs, Print, Stamp};
use super::target::{Kind, Target};

/// Raised when the shape changes; a stamp of another shape is none.
const SHAPE: u64 = 1;

/// None when a path is not Unicode: such a workspace has no stamp.
pub(super) fn write(stamp: &Stamp) -> Option<String> {
    let files = stamp.inputs.files.iter().map(|(path, print)| {
        let print = print.map(|print| json!([print.time, print.size]));
        Some(json!([path.to_str()?, print]))
    });
    let built = stamp.built.iter().map(write_executable);
    let targets = stamp.targets.iter().map(write_target);
    let json = json!({
        "shape": SHAPE,
        "files": files.collect::<Option<Vec<_>>>()?,
        "variables": stamp.inputs.variables,
        "targets": targets.collect::<Option<Vec<_>>>()?,
        "built": built.collect::<Option<Vec<_>>>()?,
    });
    Some(json.to_string())
}

pub(super) fn read(text: &str) -> Option<Stamp> {
    let json: Value = serde_json::from_str(text).ok()?;
    (json["shape"] == SHAPE).then_some(())?;
    let files = items(&json["files"])?.map(|item| {
        let print = match &item[1] {
            Value::Null => None,
            print => Some(Print { time: print[0].as_i64()?, size: print[1].as_u64()? }),
        };
        Some((path(&item[0])?, print))
    });
    let variables = json["variables"].as_object()?.iter();
    let variables =
        variables.map(|(name, value)| (name.clone(), value.as_str().map(str::to_owned)));
    Some(Stamp {
        inputs: Inputs::new(files.collect::<Option<_>>()?, variables.collect()),
        targets: items(&json["targets"])?.map(read_target).collect::<Option<_>>()?,
        built: items(&json["built"])?.map(read_executable).collect::<Option<_>>()?,
    })
}

fn write_target(target: &Target) -> Option<Value> {
    let Target { package, package_id, kind, name, source } = target;
    Some(json!([package, package_id, kind.as_str(), name, source.to_str()?]))
}

fn read_target(json: &Value) -> Option<Target> {
    let kind = Kind::ALL.into_iter().find(|kind| json[2] == kind.as_str())?;
    Some(Target {
        package: string(&json[0])?,
        package_id: string(&json[1])?,
        kind,
        name: string(&json[3])?,
        source: path(&json[4])?,
    })
}

fn write_executable(built: &Executable) -> Option<Value> {
    let text = |path: &Option<PathBuf>| match path {
        Some(path) => path.to_str().map(Value::from),
        None => Some(Value::Null),
    };
    let libraries = built.libraries.iter().map(|path| path.to_str());
    Some(json!({
        "target": write_target(&built.target)?,
        "path": text(&built.path)?,
        "marker": built.marker,
        "dir": text(&built.dir)?,
        "variables": built.variables,
        "libraries": libraries.collect::<Option<Vec<_>>>()?,
    }))
}

fn read_executable(json: &Value) -> Option<Executable> {
    let variables = json["variables"].as_object()?.iter();
    let variables = variables.map(|(name, value)| Some((name.clone(), string(value)?)));
    Some(Executable {
        target: read_target(&json["target"])?,
        path: path(&json["path"]),
        marker: string(&json["marker"]),
        dir: path(&json["dir"]),
        variables: variables.collect::<Option<BTreeMap<_, _>>>()?,
        libraries: items(&json["libraries"])?.map(path).collect::<Option<_>>()?,
    })
}

fn items(json: &Value) -> Option<std::slice::Iter<'_, Value>> {
    json.as_array().map(|items| items.iter())
}

fn string(json: &Value) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn path(json: &Value) -> Option<PathBuf> {
    json.as_str().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_survives_the_way_to_text_and_back() {
        let target = Target {
            package: "shop".to_owned(),
            package_id: "path+file:///w#shop@0.1.0".to_owned(),
            kind: Kind::Example,
            name: "tour".to_owned(),
            source: "/w/examples/tour.rs".into(),
        };
        let bare = Executable {
            target: target.clone(),
            path: None,
            marker: None,
            dir: None,
            variables: BTreeMap::new(),
            libraries: Vec::new(),
        };
        let full = Executable {
            path: Some("/t/tour".into()),
            marker: Some("1:0.1.0:main".to_owned()),
            dir: Some("/w".into()),
            variables: BTreeMap::from([("A".to_owned(), "b".to_owned())]),
            libraries: vec!["/t/deps".into()],
            ..bare.clone()
        };
        let print = Print { time: 12_345_678_901, size: 7 };
        let files = BTreeMap::from([("/w/a b".into(), Some(print)), ("/w/c".into(), None)]);
        let variables =
            BTreeMap::from([("V".to_owned(), None), ("W".to_owned(), Some("w".into()))]);
        let inputs = Inputs::new(files, variables);
        let stamp = Stamp { inputs, targets: vec![target], built: vec![bare, full] };
        assert_eq!(read(&write(&stamp).expect("text")), Some(stamp));
    }

    #[test]
    fn another_shape_is_no_stamp() {
        assert_eq!(read("{\"shape\": 0}"), None);
        assert_eq!(read("[]"), None);
    }
}
