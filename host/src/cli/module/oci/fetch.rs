//! Fetches a component: its manifest, then the one layer that is WebAssembly, each checked against its digest.

use std::time::Duration;

use futures_util::StreamExt as _;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError;
use oci_client::manifest::{OciDescriptor, OciManifest, WASM_LAYER_MEDIA_TYPE};
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::crypto::ring;

use super::credentials::credentials;
use super::{Address, Transport};
use crate::cli::Failure;
use crate::cli::local::block_on;
use crate::config::show_size;
use crate::domain::limits::GIB;

/// What tools call a component's bytes: as the standard for WebAssembly has it, and as older ones did.
const COMPONENT: [&str; 2] = ["application/wasm", WASM_LAYER_MEDIA_TYPE];
/// The largest that any host can be told to take.
const LARGEST_BYTES: u64 = GIB;
/// This machine, as the environment's `NO_PROXY` would name it.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";
/// How long a registry may take to accept a connection, and be silent.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_mins(1);

/// A component, and the address that will always mean it.
#[derive(Debug)]
pub(in crate::cli::module) struct Fetched {
    pub(in crate::cli::module) bytes: Vec<u8>,
    pub(in crate::cli::module) source: String,
}

/// Fetches what the address means now.
pub(in crate::cli::module) fn fetch(address: &Address, transport: Transport) -> Result<Fetched, Failure> {
    // Only fails where somebody else has chosen one before, which serves as well.
    let _ = ring::default_provider().install_default();
    block_on(fetch_now(address, transport))?
}

async fn fetch_now(address: &Address, transport: Transport) -> Result<Fetched, Failure> {
    let refused = |error: OciDistributionError| {
        Failure::failed(format!("{} cannot be fetched from {}: {error}", address.reference, address.registry()))
            .next(format!("is the address right, and is `docker login {}` needed?", address.registry()))
            .detail(format!("{error:?}"))
    };
    let client = oci_client::Client::try_from(config(address, transport)).map_err(refused)?;
    let auth = credentials(address.registry())?;
    let (manifest, digest) = client.pull_manifest(&address.reference, &auth).await.map_err(refused)?;
    if address.reference.digest().is_some_and(|asked| asked != digest) {
        return Err(Failure::failed(format!("the registry answered with {digest}, which was not asked for")));
    }
    let layer = component_in(manifest).map_err(|reason| {
        Failure::failed(format!("{} is no component: {reason}", address.reference))
            .next("`wkg oci push` and `oras push` make images with one layer of the type application/wasm")
    })?;
    let size_bytes = u64::try_from(layer.size).unwrap_or(u64::MAX);
    if size_bytes > LARGEST_BYTES {
        let (size, most) = (show_size(size_bytes), show_size(LARGEST_BYTES));
        return Err(Failure::failed(format!("{} has {size}; no host takes more than {most}", address.reference)));
    }
    let mut parts = client.pull_blob_stream(&address.reference, &layer).await.map_err(refused)?;
    let mut bytes = Vec::new();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| refused(error.into()))?;
        if (bytes.len() + part.len()) as u64 > size_bytes {
            return Err(Failure::failed(format!(
                "the registry sends more than the {size_bytes} bytes that it announced"
            )));
        }
        bytes.extend_from_slice(&part);
    }
    let found = format!("sha256:{}", hex(&Sha256::digest(&bytes)));
    if found != layer.digest {
        return Err(Failure::failed(format!("the registry's bytes have the digest {found}, not {}", layer.digest)));
    }
    Ok(Fetched { bytes, source: address.pinned(&digest) })
}

fn config(address: &Address, transport: Transport) -> ClientConfig {
    let mut config = ClientConfig {
        user_agent: concat!("cofferdam/", env!("CARGO_PKG_VERSION")),
        connect_timeout: Some(CONNECT),
        read_timeout: Some(SILENCE),
        // A component is the same on every machine: an index of several is not one.
        platform_resolver: None,
        ..ClientConfig::default()
    };
    if transport == Transport::Plain || address.is_local() {
        config.protocol = ClientProtocol::HttpsExcept(vec![address.registry().to_owned()]);
    }
    if address.is_local() {
        // A proxy cannot reach this machine's own loopback. One that is named and used for nothing keeps the
        // environment's out.
        config.http_proxy = Some("http://127.0.0.1:9".to_owned());
        config.no_proxy = Some(LOOPBACK.to_owned());
    }
    config
}

fn component_in(manifest: OciManifest) -> Result<OciDescriptor, String> {
    let OciManifest::Image(image) = manifest else {
        return Err("the address means a list of several images; name one of them by its digest".to_owned());
    };
    let kinds: Vec<String> = image.layers.iter().map(|layer| layer.media_type.clone()).collect();
    let mut components = image.layers.into_iter().filter(|layer| COMPONENT.contains(&layer.media_type.as_str()));
    match (components.next(), components.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(format!("none of its layers is WebAssembly ({})", kinds.join(", "))),
        (Some(_), Some(_)) => Err("it has several layers of WebAssembly".to_owned()),
    }
}

fn hex(bytes: &[u8]) -> String {
    crate::domain::Digest::from_bytes(bytes.try_into().expect("SHA-256 has 32 bytes")).hex()
}
