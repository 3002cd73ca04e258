//! The code that makes a function a module. Everything it names is in `cofferdam_sdk::entry`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, ItemFn};

use crate::arguments::Arguments;
use crate::signature::{Argument, Role, Signature};

/// Writes the function as it was, and beside it the module's `describe` and `run`.
pub(crate) fn module(arguments: &Arguments, signature: &Signature, function: &ItemFn) -> TokenStream {
    let metadata = metadata(arguments);
    let inputs = type_of(signature, Role::Inputs);
    let settings = type_of(signature, Role::Settings);
    let closure = closure(signature);
    let output = &signature.output;
    quote! {
        #function

        const _: () = {
            use ::cofferdam_sdk::entry;

            const METADATA: entry::Metadata = #metadata.checked();

            struct Module;

            impl entry::Guest for Module {
                fn describe() -> entry::ModuleInfo {
                    entry::describe::<#inputs, #settings>(&METADATA)
                }

                fn run(job: entry::RawJob) -> ::core::result::Result<(), entry::RawFailure> {
                    entry::run::<#inputs, #settings, #output>(job, #closure)
                }
            }

            // A native library has no use for the exports, and its linker reads the `@` in their names as a version.
            #[cfg(target_family = "wasm")]
            ::cofferdam_sdk::bindings::export_module!(Module with_types_in ::cofferdam_sdk::bindings);
        };
    }
}

fn metadata(arguments: &Arguments) -> TokenStream {
    let or_package = |given: &Option<Expr>, variable: &str| {
        given.as_ref().map_or_else(|| quote! { ::core::env!(#variable) }, ToTokens::into_token_stream)
    };
    let name = or_package(&arguments.name, "CARGO_PKG_NAME");
    let version = or_package(&arguments.version, "CARGO_PKG_VERSION");
    let description = or_package(&arguments.description, "CARGO_PKG_DESCRIPTION");
    quote! { entry::Metadata { name: #name, version: #version, description: #description } }
}

fn type_of(signature: &Signature, role: Role) -> TokenStream {
    signature.argument(role).map_or_else(|| quote! { entry::Nothing }, |argument| argument.ty.to_token_stream())
}

/// A closure over job, inputs and settings that calls the function. Each argument is bound to its written type first,
/// so that a wrong type is reported there.
fn closure(signature: &Signature) -> TokenStream {
    let name = &signature.name;
    let parameters = [Role::Job, Role::Inputs, Role::Settings].map(|role| variable(role, Span::mixed_site()));
    let bindings = [Role::Job, Role::Inputs, Role::Settings].map(|role| {
        signature.argument(role).map_or_else(
            || {
                let unused = variable(role, Span::mixed_site());
                quote! { let _ = #unused; }
            },
            |Argument { ty, .. }| {
                let variable = variable(role, Span::mixed_site().located_at(ty.span()));
                quote_spanned! { ty.span() => let #variable: #ty = #variable; }
            },
        )
    });
    let values = signature.arguments.iter().map(|argument| {
        let variable = variable(argument.role, Span::mixed_site());
        if argument.borrowed {
            quote! { &#variable }
        } else {
            quote! { #variable }
        }
    });
    quote! { |#(#parameters),*| { #(#bindings)* #name(#(#values),*) } }
}

/// The closure's own variable, which no name in the author's code can shadow.
fn variable(role: Role, span: Span) -> Ident {
    let name = match role {
        Role::Job => "job",
        Role::Inputs => "inputs",
        Role::Settings => "settings",
    };
    Ident::new(name, span)
}
