//! What a component consists of, read without compiling it.

use wasmparser::{ComponentExternalKind, Encoding, Parser, Payload};

use super::AdmissionError;
use super::features::malformed;

/// The parts of a component that decide whether the host takes it.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Names that the component imports.
    pub(super) imports: Vec<String>,
    /// Names that it exports, and of what kind.
    pub(super) exports: Vec<(String, ComponentExternalKind)>,
    /// What the largest memory has at the start, over all core modules inside.
    pub(super) memory_bytes: u64,
    /// Memories of the core module that has most of them.
    pub(super) memories: u32,
    /// What the largest table has at the start.
    pub(super) table_elements: u64,
}

/// Reads the outline of a valid component.
pub(super) fn read(bytes: &[u8]) -> Result<Outline, AdmissionError> {
    let mut outline = Outline::default();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| malformed(&error))? {
            Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(imports) if depth == 1 => {
                for import in imports {
                    let import = import.map_err(|error| malformed(&error))?;
                    outline.imports.push(import.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(exports) if depth == 1 => {
                for export in exports {
                    let export = export.map_err(|error| malformed(&error))?;
                    outline.exports.push((export.name.name.to_owned(), export.kind));
                }
            }
            Payload::MemorySection(memories) => {
                outline.memories = outline.memories.max(memories.count());
                for memory in memories {
                    let memory = memory.map_err(|error| malformed(&error))?;
                    let page_bytes = 1_u64 << memory.page_size_log2.unwrap_or(16);
                    outline.memory_bytes = outline.memory_bytes.max(memory.initial.saturating_mul(page_bytes));
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    let table = table.map_err(|error| malformed(&error))?;
                    outline.table_elements = outline.table_elements.max(table.ty.initial);
                }
            }
            _ => {}
        }
    }
    Ok(outline)
}
