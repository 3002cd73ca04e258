//! JavaScript and TypeScript: `esbuild` makes one file of the sources, `componentize-qjs` a component of it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::late;
use crate::process::quietly;
use crate::scaffold::javascript_tools;
use crate::{BuildError, Node, Project, Workshop};

pub(crate) fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), BuildError> {
    let node = Node::find(workshop)?;
    let tools = install_tools(workshop, &node)?;
    let package = json(&project.folder.join("package.json"))?;
    install_packages(workshop, &node, project, &package)?;
    let made = project.folder.join("build");
    let (bundle, contents) = (made.join("module.js"), made.join("module.json"));
    let entry = package["main"].as_str().unwrap_or("src/module.ts");

    let mut esbuild = node.command("node")?;
    esbuild.current_dir(&project.folder).arg(tools.join("node_modules/esbuild/bin/esbuild")).arg(entry);
    esbuild.args(["--bundle", "--format=esm", "--platform=neutral", "--main-fields=module,main", "--target=es2023"]);
    esbuild.args(["--conditions=cofferdam", "--external:cofferdam:*", "--external:late:*", "--log-level=warning"]);
    esbuild.arg(option("--outfile=", &bundle)).arg(option("--metafile=", &contents));
    for (name, file) in [
        ("cofferdam-sdk", "src/index.js"),
        ("cofferdam-sdk/bindings", "src/bindings.js"),
        ("cofferdam-sdk/http", "src/http.js"),
    ] {
        esbuild.arg(option(&format!("--alias:{name}="), &project.sdk.join(file)));
    }
    quietly(&mut esbuild)?;

    let calls_servers = calls_servers(&json(&contents)?);
    let late_wit = made.join("wit");
    let (world, wit) = if calls_servers { ("module-http", &late_wit) } else { ("module", &project.wit) };
    if calls_servers {
        late::write_contract(&project.wit, &late_wit)?;
    }
    let mut componentize = node.command("node")?;
    componentize.arg(tools.join("node_modules/componentize-qjs/bin/componentize-qjs"));
    componentize.arg("--wit").arg(wit).arg("--js").arg(&bundle);
    componentize.args(["--world", world, "--sync", "--output"]).arg(component);
    quietly(&mut componentize)?;
    if calls_servers { late::rename_imports(component) } else { Ok(()) }
}

/// Whether a bundle imports HTTP, by what esbuild says of it: what a component in JavaScript imports is all of its world,
/// used or not.
fn calls_servers(contents: &Value) -> bool {
    let outputs = contents["outputs"].as_object().into_iter().flatten();
    let mut imports = outputs.flat_map(|(_, output)| output["imports"].as_array().into_iter().flatten());
    imports.any(|import| import["path"].as_str().is_some_and(|path| path.starts_with(late::LATE)))
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

/// The tools at exactly the versions of their lock file; installed again when that file has changed.
fn install_tools(workshop: &Workshop, node: &Node) -> Result<PathBuf, BuildError> {
    let folder = workshop.tool_folder("javascript")?;
    let files = javascript_tools();
    let is_there = |(name, text): &(&str, Vec<u8>)| fs::read(folder.join(name)).is_ok_and(|there| there == *text);
    if files.iter().all(is_there) && folder.join("node_modules/componentize-qjs").is_dir() {
        return Ok(folder);
    }
    for (name, text) in &files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(BuildError::file("write", &path))?;
    }
    workshop.say("installing esbuild and componentize-qjs from the npm registry");
    node.install_locked(&folder)?;
    Ok(folder)
}

fn json(path: &Path) -> Result<Value, BuildError> {
    let text = fs::read(path).map_err(BuildError::file("read", path))?;
    serde_json::from_slice(&text).map_err(|error| BuildError::Project(format!("{}: {error}", path.display())))
}

/// What the module itself needs beside the SDK; a module without such packages is built without npm.
fn install_packages(workshop: &Workshop, node: &Node, project: &Project, package: &Value) -> Result<(), BuildError> {
    let needed = package["dependencies"].as_object().into_iter().flatten();
    if needed.filter(|(name, _)| *name != "cofferdam-sdk").count() == 0 {
        return Ok(());
    }
    let changed = |file: &str| fs::metadata(project.folder.join(file)).and_then(|data| data.modified()).ok();
    if changed("node_modules/.package-lock.json") >= changed("package-lock.json").or(changed("package.json")) {
        return Ok(());
    }
    workshop.say("installing the packages of package-lock.json");
    node.install_locked(&project.folder)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bundle_that_imports_http_is_known() {
        let bundle = |paths: &[&str]| {
            let imports: Vec<_> = paths.iter().map(|path| json!({ "path": path, "external": true })).collect();
            json!({ "outputs": { "build/module.js": { "imports": imports } } })
        };
        assert!(!calls_servers(&bundle(&["cofferdam:module/job-context@0.1.0"])));
        assert!(calls_servers(&bundle(&["cofferdam:module/job-context@0.1.0", "late:http/types@0.2.11"])));
    }
}
