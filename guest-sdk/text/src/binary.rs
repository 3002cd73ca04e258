//! Components written byte by byte: what no text of reasonable length makes.

/// The end of a function's body or of a block.
pub const END: u8 = 0x0b;
const BLOCK: [u8; 2] = [0x02, 0x40];
const LOOP: [u8; 2] = [0x03, 0x40];
const NOP: u8 = 0x01;
const I64: u8 = 0x7e;

/// A module with these functions, all without parameters, in a component that does nothing with it.
pub fn component(bodies: &[Vec<u8>]) -> Vec<u8> {
    component_of(&[core_module(bodies)])
}

/// A component of these core modules.
pub fn component_of(modules: &[Vec<u8>]) -> Vec<u8> {
    let header = b"\0asm\x0d\0\x01\0".to_vec();
    modules.iter().fold(header, |component, module| [component, section(1, module)].concat())
}

/// A core module with these functions.
pub fn core_module(bodies: &[Vec<u8>]) -> Vec<u8> {
    let count = leb(bodies.len());
    let code = bodies.iter().flat_map(|body| [leb(body.len()), body.clone()].concat());
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[1, 0x60, 0, 0]),
        section(3, &[count.clone(), vec![0; bodies.len()]].concat()),
        section(10, &count.into_iter().chain(code).collect::<Vec<_>>()),
    ]
    .concat()
}

/// A function that does nothing, at length.
pub fn nops(count: usize) -> Vec<u8> {
    [vec![0], vec![NOP; count], vec![END]].concat()
}

/// A function with so many variables: a few bytes, and much work.
pub fn locals(count: usize) -> Vec<u8> {
    [vec![1], leb(count), vec![I64, END]].concat()
}

/// Blocks inside of blocks.
pub fn nested_blocks(depth: usize) -> Vec<u8> {
    nested(BLOCK, depth)
}

/// Loops inside of loops.
pub fn nested_loops(depth: usize) -> Vec<u8> {
    nested(LOOP, depth)
}

/// Loops inside of loops, each of which may begin again and carries all of so many variables: a compiler that tracks every
/// variable through every loop needs room for their product.
pub fn carrying_loops(depth: usize, variables: usize) -> Vec<u8> {
    // Reads it, and sets it to something else.
    let change = |variable| [vec![0x20], leb(variable), vec![0x1a, 0x42, 1, 0x21], leb(variable)].concat();
    let again = |outwards| [vec![0x41, 0, 0x0d], leb(outwards)].concat();
    let changes = (0..variables).flat_map(change);
    let beginnings = (0..depth).flat_map(again);
    let body = LOOP.repeat(depth).into_iter().chain(changes).chain(beginnings).chain(vec![END; depth + 1]);
    [vec![1], leb(variables), vec![I64]].concat().into_iter().chain(body).collect()
}

fn nested(opening: [u8; 2], depth: usize) -> Vec<u8> {
    [vec![0], opening.repeat(depth), vec![END; depth + 1]].concat()
}

/// One branch with so many targets.
pub fn branches(count: usize) -> Vec<u8> {
    [vec![0], BLOCK.to_vec(), vec![0x41, 0, 0x0e], leb(count), vec![0; count + 1], vec![END, END]].concat()
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [vec![id], leb(content.len()), content.to_vec()].concat()
}

pub(crate) fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
