//! Who asks a registry: what `docker login` has noted, else nobody.

use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential};
use oci_client::secrets::RegistryAuth;

use crate::cli::Failure;

/// Docker's own registry stands in its file under this name.
const DOCKER_HUB: [&str; 2] = ["docker.io", "index.docker.io"];
const DOCKER_HUB_NOTED: &str = "https://index.docker.io/v1/";

/// What Docker's configuration (`~/.docker/config.json`, or in `DOCKER_CONFIG`) says of a registry.
pub(super) fn credentials(registry: &str) -> Result<RegistryAuth, Failure> {
    let noted = if DOCKER_HUB.contains(&registry) { DOCKER_HUB_NOTED } else { registry };
    match get_credential(noted) {
        Ok(DockerCredential::UsernamePassword(name, password)) => Ok(RegistryAuth::Basic(name, password)),
        Ok(DockerCredential::IdentityToken(_)) => Err(Failure::failed(format!(
            "Docker's configuration has an identity token for {registry}, which cannot be used here"
        ))
        .next(format!("`docker login {registry}` with a name and a password or token notes one that can"))),
        Err(
            CredentialRetrievalError::ConfigNotFound
            | CredentialRetrievalError::ConfigReadError
            | CredentialRetrievalError::NoCredentialConfigured,
        ) => Ok(RegistryAuth::Anonymous),
        Err(error) => Err(Failure::failed(format!(
            "Docker's configuration says how to log in at {registry}, but that failed: {error}"
        ))),
    }
}
