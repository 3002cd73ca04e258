//! Where modules came from and who signed them: kept with the bytes, never forgotten by a later upload, gone with them.

use bytes::Bytes;

use super::harness::{Database, TestStore, on_each_database};
use crate::domain::{Digest, Module, ModuleRef, ModuleSignature, Provenance};
use crate::store::{Answer, ModuleWrite, Write};

fn signature(key_id: &str) -> ModuleSignature {
    ModuleSignature { key_id: key_id.to_owned(), trusted_comment: "a comment".to_owned(), text: "the file".to_owned() }
}

async fn put(test: &TestStore, module: &Module) -> Answer {
    let bytes = Bytes::from_static(b"abc");
    test.write(Write::PutModule(Box::new(ModuleWrite { module: module.clone(), bytes, replace: false }))).await
}

async fn stored(test: &TestStore, module: &Module) -> Provenance {
    let found = test.store.module(module.digest).await.expect("the database answers");
    found.expect("the module is there").provenance
}

async fn what_is_known_of_an_origin_is_kept_and_only_replaced_by_more(database: Database) {
    let test = TestStore::open(database).await;
    let mut module = test.module.clone();
    assert_eq!(stored(&test, &module).await, Provenance::default());

    module.provenance.signature = Some(signature("A"));
    assert!(matches!(put(&test, &module).await, Answer::Count(0)), "the bytes are there already");
    module.provenance = Provenance { source: Some("oci://a/b@sha256:c".to_owned()), signature: None };
    put(&test, &module).await;
    let both = Provenance { signature: Some(signature("A")), ..module.provenance.clone() };
    assert_eq!(stored(&test, &module).await, both);
    module.provenance = Provenance { source: None, signature: Some(signature("B")) };
    put(&test, &module).await;
    assert_eq!(stored(&test, &module).await, Provenance { signature: Some(signature("B")), ..both });
}

async fn an_origin_comes_with_new_bytes_and_goes_with_them(database: Database) {
    let test = TestStore::open(database).await;
    let mut module = Module { digest: Digest::from_bytes([8; 32]), ..test.module.clone() };
    module.info.version = semver::Version::new(2, 0, 0);
    module.provenance = Provenance { source: Some("elsewhere".to_owned()), signature: Some(signature("A")) };
    assert!(matches!(put(&test, &module).await, Answer::Done));
    assert_eq!(stored(&test, &module).await, module.provenance);
    test.done(Write::RemoveModule(ModuleRef::Digest(module.digest))).await;
    module.provenance = Provenance::default();
    assert!(matches!(put(&test, &module).await, Answer::Done));
    assert_eq!(stored(&test, &module).await, Provenance::default());
}

on_each_database! {
    what_is_known_of_an_origin_is_kept_and_only_replaced_by_more,
    an_origin_comes_with_new_bytes_and_goes_with_them,
}
