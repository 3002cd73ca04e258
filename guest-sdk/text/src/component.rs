//! Makes components of core modules, with the contract and some of WASI as their types.

use crate::binary::leb;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const CONTRACT: &str = include_str!("../../../wit/module.wit");
const WASI: &str = include_str!("../wasi.wit");

/// A component, or anything else, that is written out in text form.
pub fn component_of_text(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// A component of a core module that imports and exports as the world `guest` says.
pub(crate) fn embed(core: &str) -> Vec<u8> {
    let mut core = component_of_text(core);
    let mut resolve = Resolve::default();
    resolve.push_str("module.wit", CONTRACT).expect("the contract is valid");
    let package = resolve.push_str("wasi.wit", WASI).unwrap_or_else(|error| panic!("{error:#}"));
    let world = resolve.select_world(&[package], Some("guest")).expect("the world is there");
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).expect("the types fit in");
    let mut encoder = ComponentEncoder::default();
    let bytes = encoder.module(&core).and_then(ComponentEncoder::encode);
    bytes.unwrap_or_else(|error| panic!("{error:#}"))
}

/// The component with one more core module in it, which is instantiated last. No toolchain would do that, but the
/// format allows it: a component is a sequence of sections.
pub fn with_core_module(component: Vec<u8>, text: &str) -> Vec<u8> {
    with_core_module_bytes(component, &component_of_text(text))
}

/// The same with a module in its binary form.
pub fn with_core_module_bytes(mut component: Vec<u8>, module: &[u8]) -> Vec<u8> {
    const CORE_MODULE: u8 = 1;
    const CORE_INSTANCE: u8 = 2;
    let index = core_modules(&component);
    component.push(CORE_MODULE);
    component.extend(leb(module.len()));
    component.extend(module);
    // One instance, made of that module, with no arguments.
    let index = u8::try_from(index).expect("few modules");
    component.extend([CORE_INSTANCE, 4, 1, 0, index, 0]);
    component
}

/// How many core modules a component holds, by its sections: an id, a length, and as many bytes.
fn core_modules(component: &[u8]) -> usize {
    let (mut at, mut count) = (8, 0);
    while at < component.len() {
        count += usize::from(component[at] == 1);
        let (mut length, mut shift) = (0, 0);
        loop {
            at += 1;
            length |= usize::from(component[at] & 0x7f) << shift;
            shift += 7;
            if component[at] & 0x80 == 0 {
                break;
            }
        }
        at += 1 + length;
    }
    count
}
