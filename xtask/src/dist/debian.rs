//! The Debian package: program, service, settings, manual pages, completions.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::extras::Extras;
use super::files::{Tree, gzip};
use super::run::{Build, Packing};
use crate::process::{run, stdout_of};

const MAINTAINER: &str = "The Cofferdam developers <cofferdam@localhost>";
const SETTINGS: &str = "etc/cofferdam/cofferdam.toml";
const DOCS: &str = "usr/share/doc/cofferdam";

/// Enables the service like Debian's own tools do, starts it, and restarts it after an upgrade.
const POSTINST: &str = "#!/bin/sh
set -e
if [ \"$1\" = configure ]; then
    deb-systemd-helper enable cofferdam.service >/dev/null || true
    if [ -d /run/systemd/system ]; then
        systemctl --system daemon-reload >/dev/null || true
        if [ -n \"$2\" ]; then action=restart; else action=start; fi
        deb-systemd-invoke $action cofferdam.service >/dev/null || true
    fi
fi
";

const PRERM: &str = "#!/bin/sh
set -e
if [ \"$1\" = remove ] && [ -d /run/systemd/system ]; then
    deb-systemd-invoke stop cofferdam.service >/dev/null || true
fi
";

/// Jobs are nobody's to remove but the operator's: the data stays, also at a purge.
const POSTRM: &str = "#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
fi
if [ \"$1\" = purge ]; then
    deb-systemd-helper purge cofferdam.service >/dev/null || true
    if [ -d /var/lib/private/cofferdam ]; then
        echo 'cofferdam: jobs and modules are still in /var/lib/private/cofferdam; remove them by hand if nobody needs them' >&2
    fi
fi
";

/// Makes it, and gives its path.
pub(super) fn make(build: &Build<'_>, extras: &Extras) -> Result<PathBuf> {
    let architecture = stdout_of(Command::new("dpkg").arg("--print-architecture"))?;
    let tree = Tree::new(build.folder.join("debian"))?;
    tree.write_program("usr/bin/cofferdam", &fs::read(build.binary)?)?;
    let unit = fs::read_to_string(build.root.join("packaging/cofferdam.service"))?;
    tree.write("usr/lib/systemd/system/cofferdam.service", unit.replace("/usr/local/bin/", "/usr/bin/").as_bytes())?;
    tree.write(SETTINGS, extras.settings.as_bytes())?;
    for (page, text) in &extras.pages {
        tree.write(&format!("usr/share/man/man1/{page}.gz"), &gzip(text.as_bytes())?)?;
    }
    for (shell, script) in &extras.completions {
        tree.write(completions(shell)?, script.as_bytes())?;
    }
    documents(build, &tree)?;
    let installed = kibibytes(&tree)?;
    tree.write("DEBIAN/control", control(build.version, &architecture, installed, &libc()?).as_bytes())?;
    tree.write("DEBIAN/conffiles", format!("/{SETTINGS}\n").as_bytes())?;
    for (name, script) in [("postinst", POSTINST), ("prerm", PRERM), ("postrm", POSTRM)] {
        tree.write_program(&format!("DEBIAN/{name}"), script.as_bytes())?;
    }
    let package = build.folder.join(format!("cofferdam_{}_{architecture}.deb", build.version));
    let mut pack = Command::new("dpkg-deb");
    let packer = match build.packing {
        Packing::Quick => ["-Zgzip", "-z1"],
        Packing::Small => ["-Zxz", "-z6"],
    };
    pack.arg("--root-owner-group").args(packer).arg("--build").arg(tree.path()).arg(&package);
    run(pack.env("SOURCE_DATE_EPOCH", build.at.to_string()))?;
    fs::remove_dir_all(tree.path())?;
    Ok(package)
}

fn documents(build: &Build<'_>, tree: &Tree) -> Result<()> {
    let read = |path: &str| fs::read_to_string(build.root.join(path)).with_context(|| format!("cannot read {path}"));
    let licences = ["LICENSE-MIT", "LICENSE-APACHE"].map(read);
    let [mit, apache] = licences;
    let copyright = format!("Cofferdam is licensed under MIT or Apache-2.0, as you like.\n\n{}\n{}", mit?, apache?);
    tree.write(&format!("{DOCS}/copyright"), copyright.as_bytes())?;
    tree.write(&format!("{DOCS}/changelog.gz"), &gzip(read("CHANGELOG.md")?.as_bytes())?)?;
    for path in ["README.md", "SECURITY.md", "docs"] {
        tree.copy(&build.root.join(path), &format!("{DOCS}/{path}"))?;
    }
    for path in ["prometheus", "grafana"] {
        tree.copy(&build.root.join("packaging").join(path), &format!("{DOCS}/examples/{path}"))?;
    }
    Ok(())
}

fn completions(shell: &str) -> Result<&'static str> {
    Ok(match shell {
        "bash" => "usr/share/bash-completion/completions/cofferdam",
        "zsh" => "usr/share/zsh/vendor-completions/_cofferdam",
        "fish" => "usr/share/fish/vendor_completions.d/cofferdam.fish",
        other => anyhow::bail!("nobody knows where completions of {other} lie"),
    })
}

/// The C library's version here: a program that was linked against it runs with no older one for certain.
fn libc() -> Result<String> {
    let version = stdout_of(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    version.strip_prefix("glibc ").map(str::to_owned).context("the C library is not glibc")
}

fn kibibytes(tree: &Tree) -> Result<u64> {
    let sum =
        stdout_of(Command::new("du").args(["--summarize", "--apparent-size", "--block-size=1024"]).arg(tree.path()))?;
    Ok(sum.split_whitespace().next().context("du says a number")?.parse()?)
}

fn control(version: &str, architecture: &str, kibibytes: u64, libc: &str) -> String {
    format!(
        "Package: cofferdam\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n\
         Installed-Size: {kibibytes}\nDepends: libc6 (>= {libc}), libgcc-s1, ca-certificates\nSection: admin\n\
         Priority: optional\nDescription: WebAssembly plugin host and job engine\n \
         Runs WebAssembly components that others wrote as long, durable jobs: stored and\n \
         streamed logs, results, checkpoints, limits that hold, an HTTP API, a command\n \
         line and a dashboard. On SQLite, or on PostgreSQL with several nodes.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_file_has_a_line_for_each_field_and_indents_the_description() {
        let control = control("0.1.0", "amd64", 7, "2.36");
        let fields: Vec<_> = control.lines().filter(|line| !line.starts_with(' ')).collect();
        assert!(fields.iter().all(|line| line.contains(": ")), "{control}");
        assert!(fields.contains(&"Depends: libc6 (>= 2.36), libgcc-s1, ca-certificates"), "{control}");
        assert_eq!(control.lines().filter(|line| line.starts_with(' ')).count(), 3);
    }
}
