//! How much a file is made of, counted without checking anything: what would take too long even to check is refused here.

use wasmparser::{Parser, Payload};

use super::AdmissionError;
use super::features::malformed;
use crate::domain::limits::{FUNCTION_BYTES, FUNCTIONS, MODULES_INSIDE, PARTS};

/// Everything of one kind in all core modules and components inside.
struct Count {
    what: &'static str,
    found: u64,
    limit: u64,
}

impl Count {
    const fn new(what: &'static str, limit: u64) -> Self {
        Self { what, found: 0, limit }
    }

    fn add(&mut self, more: u32) -> Result<(), AdmissionError> {
        self.found += u64::from(more);
        let Self { what, found, limit } = *self;
        if found > limit { Err(AdmissionError::OverLimit { what, found, limit }) } else { Ok(()) }
    }
}

/// Refuses a file that is made of more than any useful one. One pass over the beginnings of sections, and it ends at the
/// first count that is too high.
pub(super) fn walk(bytes: &[u8]) -> Result<(), AdmissionError> {
    let mut inside = Count::new("core modules and components inside", MODULES_INSIDE);
    let mut functions = Count::new("functions", FUNCTIONS);
    let mut types = Count::new("types", PARTS);
    let mut imports = Count::new("imports, aliases and exports", PARTS);
    let mut instances = Count::new("instances", PARTS);
    let mut globals = Count::new("memories, tables and globals", PARTS);
    let mut data = Count::new("data and element segments", PARTS);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| malformed(&error))? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => inside.add(1)?,
            Payload::FunctionSection(section) => functions.add(section.count())?,
            Payload::ComponentCanonicalSection(section) => functions.add(section.count())?,
            Payload::CodeSectionEntry(body) => {
                let found = body.range().len() as u64;
                if found > FUNCTION_BYTES {
                    return Err(AdmissionError::OverLimit {
                        what: "bytes in one function",
                        found,
                        limit: FUNCTION_BYTES,
                    });
                }
            }
            Payload::TypeSection(section) => types.add(section.count())?,
            Payload::CoreTypeSection(section) => types.add(section.count())?,
            Payload::ComponentTypeSection(section) => types.add(section.count())?,
            Payload::ImportSection(section) => imports.add(section.count())?,
            Payload::ComponentImportSection(section) => imports.add(section.count())?,
            Payload::ComponentAliasSection(section) => imports.add(section.count())?,
            Payload::ExportSection(section) => imports.add(section.count())?,
            Payload::ComponentExportSection(section) => imports.add(section.count())?,
            Payload::InstanceSection(section) => instances.add(section.count())?,
            Payload::ComponentInstanceSection(section) => instances.add(section.count())?,
            Payload::MemorySection(section) => globals.add(section.count())?,
            Payload::TableSection(section) => globals.add(section.count())?,
            Payload::GlobalSection(section) => globals.add(section.count())?,
            Payload::TagSection(section) => globals.add(section.count())?,
            Payload::ElementSection(section) => data.add(section.count())?,
            Payload::DataSection(section) => data.add(section.count())?,
            _ => {}
        }
    }
    Ok(())
}
