//! JavaScript and TypeScript: `esbuild` makes one file of the sources, `componentize-qjs` a component of it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::process::quietly;
use crate::scaffold::javascript_tools;
use crate::{BuildError, Node, Project, Workshop};

pub(crate) fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), BuildError> {
    let node = Node::find(workshop)?;
    let tools = install_tools(workshop, &node)?;
    let package = package(&project.folder)?;
    install_packages(workshop, &node, project, &package)?;
    let bundle = project.folder.join("build/module.js");
    let entry = package["main"].as_str().unwrap_or("src/module.ts");

    let mut esbuild = node.command("node")?;
    esbuild.current_dir(&project.folder).arg(tools.join("node_modules/esbuild/bin/esbuild")).arg(entry);
    esbuild.args(["--bundle", "--format=esm", "--platform=neutral", "--main-fields=module,main", "--target=es2023"]);
    esbuild.args(["--conditions=cofferdam", "--external:cofferdam:*", "--log-level=warning"]);
    esbuild.arg(option("--outfile=", &bundle));
    for (name, file) in [("cofferdam-sdk", "src/index.js"), ("cofferdam-sdk/bindings", "src/bindings.js")] {
        esbuild.arg(option(&format!("--alias:{name}="), &project.sdk.join(file)));
    }
    quietly(&mut esbuild)?;

    let mut componentize = node.command("node")?;
    componentize.arg(tools.join("node_modules/componentize-qjs/bin/componentize-qjs"));
    componentize.arg("--wit").arg(&project.wit).arg("--js").arg(&bundle);
    componentize.args(["--world", "module", "--sync", "--output"]).arg(component);
    quietly(&mut componentize)
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

fn package(project: &Path) -> Result<Value, BuildError> {
    let path = project.join("package.json");
    let text = fs::read(&path).map_err(BuildError::file("read", &path))?;
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
