//! Reaching out of a folder that was granted, and changing one that was granted for reading alone.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::SystemTime;

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;
use wasip2::filesystem::preopens::get_directories;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags};

use crate::behaviour::{Answer, Behave};
use crate::reach_out::refused;

/// Reads, writes, lists, renames and removes files in a folder, as a module may that was granted it for writing.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct UseFolder {
    #[serde(default = "data")]
    folder: String,
}

impl Behave for UseFolder {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let folder = Path::new(&self.folder);
        let used = || -> std::io::Result<String> {
            fs::create_dir_all(folder.join("new/inner"))?;
            fs::write(folder.join("new/first"), "written")?;
            fs::rename(folder.join("new/first"), folder.join("new/inner/second"))?;
            fs::remove_dir_all(folder.join("new/inner"))?;
            fs::write(folder.join("new/kept"), fs::read(folder.join("given"))?)?;
            fs::read_to_string(folder.join("new/kept"))
        };
        let answer = used().map_err(|error| Failure::permanent(format!("the folder cannot be used: {error}")))?;
        Ok(job.save_result(&Answer { tried: "use the folder", answer })?)
    }
}

/// Tries every way out of a folder: `..`, links that are there, links of its own, hard links, and renames.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LeaveFolder {
    /// A folder that was granted for writing, with links `absolute` and `relative` to a folder outside of it that has a
    /// file `secret`.
    #[serde(default = "data")]
    folder: String,
    /// The absolute path of the folder outside.
    #[serde(default = "data")]
    outside: String,
}

impl Behave for LeaveFolder {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let (folder, outside) = (self.folder.as_str(), self.outside.as_str());
        let ways = [
            format!("{folder}/../outside/secret"),
            format!("{folder}/inner/../../outside/secret"),
            format!("{folder}/../../../../../../../../etc/passwd"),
            format!("{folder}/absolute/secret"),
            format!("{folder}/relative/secret"),
            format!("{folder}/relative/../outside/secret"),
            format!("{folder}/to-secret"),
            format!("{outside}/secret"),
        ];
        for path in &ways {
            refused(job, &format!("read {path}"), fs::read(path))?;
            refused(job, &format!("write {path}"), fs::write(path, "hostile"))?;
            refused(job, &format!("remove {path}"), fs::remove_file(format!("{path}/")))?;
        }
        for path in [format!("{folder}/.."), format!("{folder}/relative/"), format!("{folder}/absolute/.")] {
            refused(job, &format!("list {path}"), fs::read_dir(&path).map(Iterator::count))?;
            refused(job, &format!("make a folder in {path}"), fs::create_dir(format!("{path}/hostile")))?;
        }
        fs::write(format!("{folder}/own"), "hostile").map_err(|error| Failure::permanent(error.to_string()))?;
        for to in ["../outside/moved", "relative/moved", "absolute/moved", "relative/"] {
            refused(job, &format!("rename to {to}"), fs::rename(format!("{folder}/own"), format!("{folder}/{to}")))?;
            refused(job, &format!("link to {to}"), fs::hard_link(format!("{folder}/own"), format!("{folder}/{to}")))?;
        }
        refused(
            job,
            "link a file from outside",
            fs::hard_link(format!("{folder}/relative/secret"), format!("{folder}/x")),
        )?;
        links_of_its_own(job, folder, outside)
    }
}

/// A link may be made, as long as nothing is reached through it.
fn links_of_its_own(job: &Job, folder: &str, outside: &str) -> Result<(), Failure> {
    let root = preopened(folder)?;
    let absolute = root.symlink_at(outside, "mine-absolute");
    refused(job, "make an absolute link", absolute.map_err(|error| error.to_string()))?;
    for (name, target) in [("mine", "../outside"), ("mine-twice", "inner/../../outside")] {
        // Whether or not it is made, it must lead nowhere.
        let _ = root.symlink_at(target, name);
        refused(job, &format!("read through {name}"), fs::read(format!("{folder}/{name}/secret")))?;
        refused(job, &format!("write through {name}"), fs::write(format!("{folder}/{name}/new"), "hostile"))?;
    }
    Ok(())
}

/// Tries to change a folder that was granted for reading alone, after it has read from it.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ChangeReadOnlyFolder {
    #[serde(default = "data")]
    folder: String,
}

impl Behave for ChangeReadOnlyFolder {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let folder = Path::new(&self.folder);
        let given = folder.join("given");
        let read = fs::read_to_string(&given)
            .map_err(|error| Failure::permanent(format!("what was granted cannot be read: {error}")))?;
        job.save_result(&Answer { tried: "read", answer: read })?;
        refused(job, "write a new file", fs::write(folder.join("new"), "hostile"))?;
        refused(job, "write over a file", fs::write(&given, "hostile"))?;
        let append = || OpenOptions::new().append(true).open(&given)?.write_all(b"hostile");
        refused(job, "append to a file", append())?;
        refused(job, "open for reading and writing", OpenOptions::new().read(true).write(true).open(&given))?;
        refused(job, "cut a file", File::open(&given).and_then(|file| file.set_len(0)))?;
        refused(job, "set a time", File::open(&given).and_then(|file| file.set_modified(SystemTime::UNIX_EPOCH)))?;
        refused(job, "remove a file", fs::remove_file(&given))?;
        refused(job, "make a folder", fs::create_dir(folder.join("new")))?;
        refused(job, "remove a folder", fs::remove_dir(folder.join("inner")))?;
        refused(job, "rename a file", fs::rename(&given, folder.join("renamed")))?;
        refused(job, "link a file", fs::hard_link(&given, folder.join("linked")))?;
        let root = preopened(&self.folder)?;
        refused(job, "make a link", root.symlink_at("given", "link").map_err(|error| error.to_string()))?;
        for (flags, how) in [
            (DescriptorFlags::READ, "read"),
            (DescriptorFlags::empty(), "nothing"),
            (DescriptorFlags::WRITE, "write"),
            (DescriptorFlags::MUTATE_DIRECTORY, "mutate"),
        ] {
            let opened = root.open_at(PathFlags::empty(), "given", OpenFlags::TRUNCATE, flags);
            refused(job, &format!("truncate while opening for {how}"), opened.map_err(|error| error.to_string()))?;
        }
        Ok(())
    }
}

fn preopened(folder: &str) -> Result<Descriptor, Failure> {
    let found = get_directories().into_iter().find(|(_, name)| name == folder);
    found.map(|(root, _)| root).ok_or_else(|| Failure::permanent(ErrorCode::NoEntry.to_string()))
}

fn data() -> String {
    "/data".to_owned()
}
