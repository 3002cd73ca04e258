//! `cofferdam module add`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::oci::{Address, Fetched, Transport, fetch};
use super::report::AddedView;
use crate::cli::client::api::read;
use crate::cli::client::{AddQuery, Added, Origin};
use crate::cli::failure::Verbosity;
use crate::cli::output::{Bar, escape};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::config::show_size;

const FILES: &str = "The components: files, or addresses in OCI registries (oci://REGISTRY/NAME:TAG, with @sha256:… behind it to \
     pin the bytes), fetched by this command with what `docker login` has noted";

/// Upload modules
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam module add target/wasm32-wasip2/release/csv_profile.wasm
  cofferdam module add --dry-run module.wasm      tell what it asks for and what is new in it, and add nothing
  cofferdam module add module.wasm --signature module.wasm.minisig
  cofferdam module add oci://ghcr.io/acme/words:1.0.0
  cofferdam module add --replace one.wasm two.wasm")]
pub struct Add {
    /// The components: files, or addresses of images in OCI registries such as <oci://ghcr.io/acme/words:1.0.0>.
    #[arg(required = true, value_name = "FILE", help = FILES)]
    files: Vec<PathBuf>,
    /// Speak to registries without TLS, also to those on other machines
    #[arg(long)]
    plain_http: bool,
    /// Move an existing version to the new bytes; older jobs keep theirs
    #[arg(long)]
    replace: bool,
    /// Tell what the server would say and do, and add nothing
    #[arg(long)]
    dry_run: bool,
    /// The component's signature, made by `minisign -S`; for one FILE [default: FILE.minisig, if that is there]
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
}

impl Add {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let how = AddQuery { replace: self.replace, dry_run: self.dry_run };
        let transport = if self.plain_http { Transport::Plain } else { Transport::Secured };
        if let [file] = &self.files[..] {
            let component = component(session, file, self.signature.as_deref(), transport)?;
            return add(session, component, how).map(|()| Exit::Done);
        }
        if self.signature.is_some() {
            let several =
                "one --signature cannot be that of several files; without it, each has its own in FILE.minisig";
            return Err(Failure::usage(several));
        }
        let mut exit = Exit::Done;
        // One file that is wrong does not keep the others out.
        for file in &self.files {
            let added = component(session, file, None, transport).and_then(|component| add(session, component, how));
            if let Err(failure) = added {
                eprintln!("{}: {}", file.display(), failure.render(session.looks.err, Verbosity::Brief));
                exit = failure.exit();
            }
        }
        Ok(exit)
    }
}

/// What is to be added.
struct Component<'f> {
    name: &'f Path,
    bytes: Vec<u8>,
    origin: Origin,
}

/// Reads a file or fetches an address.
fn component<'f>(
    session: &Session,
    file: &'f Path,
    signature: Option<&Path>,
    transport: Transport,
) -> Result<Component<'f>, Failure> {
    let Some(address) = file.to_str().map(Address::read).transpose()?.flatten() else {
        let origin = Origin { signature: signature_of(file, signature)?, source: None };
        return Ok(Component { name: file, bytes: read_file(file)?, origin });
    };
    let signature = signature.map(read_file).transpose()?;
    let bar = Bar::start(session.looks.err, format!("fetching {}", file.display()));
    let fetched = fetch(&address, transport);
    bar.end();
    let Fetched { bytes, source } = fetched?;
    session.note(&format!("fetched {source}"));
    Ok(Component { name: file, bytes, origin: Origin { signature, source: Some(source) } })
}

fn add(session: &Session, component: Component<'_>, how: AddQuery) -> Result<(), Failure> {
    let Component { name: file, bytes, origin } = component;
    let size = show_size(bytes.len() as u64);
    let doing = if how.dry_run { "looking at" } else { "adding" };
    let bar = Bar::start(session.looks.err, format!("{doing} {} ({size})", file.display()));
    let added = session.client.add_module((&bytes, &bar), how, origin);
    bar.end();
    let (json, added) = added?;
    if session.form == Form::Json {
        return session.say_json(&json);
    }
    let view: AddedView = read(&json)?;
    if how.dry_run {
        return say(&view.full(session.looks.out));
    }
    let word = match added {
        Added::New => "added",
        Added::Known => "there already:",
    };
    say(&format!("{word} {} ({size}, {})", escape::one_line(&view.id), escape::one_line(&view.digest)))?;
    view.brief().iter().try_for_each(|line| say(&format!("  {line}")))
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error| Failure::usage(format!("the file `{}` cannot be read: {error}", path.display()));
    std::fs::read(path).map_err(unreadable)
}

/// The signature that was named, or the one beside the file.
fn signature_of(file: &Path, named: Option<&Path>) -> Result<Option<Vec<u8>>, Failure> {
    if let Some(named) = named {
        return read_file(named).map(Some);
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".minisig");
    let beside = Path::new(&beside);
    if beside.exists() { read_file(beside).map(Some) } else { Ok(None) }
}
