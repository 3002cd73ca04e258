//! The attribute macro of `cofferdam-sdk`, which re-exports and explains it.
//!
//! Reading is apart from writing: `arguments` and `signature` check what the author wrote and report every mistake at
//! its place, `expand` only writes code.

mod arguments;
mod expand;
mod signature;

use proc_macro::TokenStream;
use syn::{Error, Item, ItemFn};

use crate::arguments::Arguments;
use crate::signature::{EXAMPLE, Signature, both};

/// Makes an ordinary function the module of this crate. A crate has one.
///
/// The function takes any of these arguments, known by their names, and returns `Result<(), Failure>` or a `Result`
/// with any error that converts into `Failure`:
///
/// | argument | type | what it is |
/// |---|---|---|
/// | `job` | `Job` or `&Job` | the running job: its id, its checkpoint, and what it can ask of its host |
/// | `inputs` | any type with `Deserialize` and `JsonSchema`, or a reference to it | the job's inputs |
/// | `settings` | the same | the job's settings |
///
/// Without `inputs` (or `settings`) the module accepts the empty object alone. Inputs that do not fit their type are a
/// permanent failure that names the field; the host has checked them against the schema before.
///
/// Name, version and description come from the package's `Cargo.toml` unless the attribute gives them:
///
/// ```ignore (the crate cannot depend on its user)
/// #[cofferdam_sdk::module(name = "prime-count", version = "1.0.0", description = "Counts primes")]
/// fn run(job: Job, inputs: Inputs, settings: Settings) -> Result<(), Failure> {
///     Ok(())
/// }
/// ```
#[proc_macro_attribute]
pub fn module(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    let expanded = match read(attribute, item.clone()) {
        Ok((arguments, signature, function)) => expand::module(&arguments, &signature, &function),
        // The item stays, so that the rest of the crate does not seem wrong too.
        Err(error) => {
            let error = error.into_compile_error();
            quote::quote! { #error #item }
        }
    };
    expanded.into()
}

/// Reads attribute and function. The error holds the mistakes of both.
fn read(attribute: TokenStream, item: proc_macro2::TokenStream) -> syn::Result<(Arguments, Signature, ItemFn)> {
    let arguments = syn::parse::<Arguments>(attribute);
    let function = match syn::parse2::<Item>(item)? {
        Item::Fn(function) => function,
        other => return Err(Error::new_spanned(other, format!("only a function becomes a module: {EXAMPLE}"))),
    };
    let (arguments, signature) = both(arguments, Signature::of(&function.sig))?;
    Ok((arguments, signature, function))
}
