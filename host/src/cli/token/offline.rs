//! Makes a token without a server: for the first one of a host that other machines are to reach.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::access::{Access, CreatedToken, NewToken};
use crate::cli::Failure;
use crate::cli::local::block_on;
use crate::cli::settings_arguments::SettingsArguments;
use crate::config::{Database, Environment, Flag, Settings};
use crate::domain::{Live, SystemClock};
use crate::store::{Location, OpenError, Store};

/// Where the database is, when no server is to be asked.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The data folder of a server that does not run
    #[arg(long, value_name = "FOLDER", help_heading = "Without a server")]
    data_dir: Option<String>,
    /// The URL of its PostgreSQL database; servers may run
    #[arg(long, value_name = "URL", help_heading = "Without a server")]
    database: Option<String>,
    #[command(flatten)]
    settings: SettingsArguments,
}

impl Place {
    /// Whether the database is to be opened here. That the environment has settings for a server does not say so.
    pub(super) fn is_given(&self) -> bool {
        self.data_dir.is_some() || self.database.is_some() || self.settings.are_given()
    }

    fn resolve(&self, environment: &Environment) -> Result<Settings, Failure> {
        let given = [("--data-dir", "data_dir", &self.data_dir), ("--database", "database", &self.database)];
        let flags = given.into_iter().filter_map(|(name, key, value)| {
            Some(Flag { name: name.to_owned(), key: key.to_owned(), value: value.clone()? })
        });
        Ok(self.settings.resolve(flags.collect(), environment)?.settings)
    }
}

/// Makes a token in the database itself.
pub(super) fn create(place: &Place, environment: &Environment, new: NewToken) -> Result<CreatedToken, Failure> {
    let settings = place.resolve(environment)?;
    block_on(create_in(settings, new))?
}

async fn create_in(settings: Settings, new: NewToken) -> Result<CreatedToken, Failure> {
    // Beside a PostgreSQL database nothing is kept in the folder, so none is needed here.
    let spare = tempfile::tempdir().map_err(|error| Failure::failed(format!("no temporary folder: {error}")))?;
    let (folder, location): (PathBuf, _) = match &settings.database {
        Database::Sqlite => (settings.data_dir.clone(), Location::Folder),
        Database::Postgres(url) => (spare.path().to_owned(), Location::Postgres(url.reveal())),
    };
    let (store, writer) = Store::open(&folder, location).await.map_err(refused)?;
    let work = async {
        let access = Access::open(store.clone(), Arc::new(SystemClock), Live::default()).await;
        let created = match access {
            Ok(access) => access.create_token(new).await.map_err(|error| Failure::failed(error.to_string())),
            Err(error) => Err(Failure::failed(error.to_string())),
        };
        store.close();
        created
    };
    let ((), created) = tokio::join!(writer.run(), work);
    created
}

fn refused(error: OpenError) -> Failure {
    match error {
        OpenError::InUse { path, owner } => {
            let owner = owner.map(|pid| format!(" (process {pid})")).unwrap_or_default();
            Failure::failed(format!("a server{owner} runs on the data folder {}", path.display()))
                .next("leave --data-dir out to ask that server, with an administrator's token in COFFERDAM_TOKEN; or stop it first")
        }
        other => Failure::failed(other.to_string()),
    }
}
