//! The function's signature: which arguments it takes, and whether it can be a module at all.

use syn::spanned::Spanned;
use syn::{Error, FnArg, Ident, Pat, Result, ReturnType, Type};

/// What messages show as right.
pub(crate) const EXAMPLE: &str = "fn run(job: Job, inputs: Inputs, settings: Settings) -> Result<(), Failure>";

/// An argument's meaning, told by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Job,
    Inputs,
    Settings,
}

/// One argument, its type without the reference that may stand before it.
pub(crate) struct Argument {
    pub(crate) role: Role,
    pub(crate) ty: Type,
    pub(crate) borrowed: bool,
}

/// What the generated code must know of the function.
pub(crate) struct Signature {
    pub(crate) name: Ident,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: Type,
}

impl Signature {
    /// Checks the signature. The error holds every mistake, each at its place.
    pub(crate) fn of(signature: &syn::Signature) -> Result<Self> {
        let qualifiers = check_qualifiers(signature);
        let arguments = read_arguments(signature);
        let output = read_output(signature);
        let ((), (arguments, output)) = both(qualifiers, both(arguments, output))?;
        Ok(Self { name: signature.ident.clone(), arguments, output })
    }

    pub(crate) fn argument(&self, role: Role) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.role == role)
    }
}

/// Both values, or the mistakes of both.
pub(crate) fn both<A, B>(first: Result<A>, second: Result<B>) -> Result<(A, B)> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            Err(error)
        }
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

fn check_qualifiers(signature: &syn::Signature) -> Result<()> {
    if let Some(keyword) = &signature.asyncness {
        return Err(Error::new_spanned(
            keyword,
            "a module's function is not async: the host gives its thread to others while it waits, so call \
             `job.sleep(…)` and plain functions",
        ));
    }
    if let Some(keyword) = &signature.unsafety {
        return Err(Error::new_spanned(keyword, "a module's function is not unsafe: the host calls it"));
    }
    if let Some(abi) = &signature.abi {
        return Err(Error::new_spanned(abi, "a module's function is an ordinary Rust function; the macro exports it"));
    }
    if !signature.generics.params.is_empty() || signature.generics.where_clause.is_some() {
        return Err(Error::new_spanned(
            &signature.generics,
            "a module's function is not generic: the host must know the one type of its inputs and settings",
        ));
    }
    Ok(())
}

fn read_output(signature: &syn::Signature) -> Result<Type> {
    match &signature.output {
        ReturnType::Type(_, ty) => Ok((**ty).clone()),
        ReturnType::Default => Err(Error::new(
            signature.paren_token.span.close(),
            format!("a module's function returns `Result<(), Failure>`: {EXAMPLE}"),
        )),
    }
}

fn read_arguments(signature: &syn::Signature) -> Result<Vec<Argument>> {
    let mut arguments = Ok(Vec::<Argument>::new());
    for input in &signature.inputs {
        arguments = both(arguments, read_argument(input)).and_then(|(mut known, argument)| {
            if known.iter().any(|other| other.role == argument.role) {
                return Err(Error::new_spanned(input, "this argument is there already"));
            }
            known.push(argument);
            Ok(known)
        });
    }
    arguments
}

fn read_argument(input: &FnArg) -> Result<Argument> {
    let typed = match input {
        FnArg::Typed(typed) => typed,
        FnArg::Receiver(receiver) => {
            return Err(Error::new_spanned(receiver, format!("a module is a free function, not a method: {EXAMPLE}")));
        }
    };
    let role = match &*typed.pat {
        Pat::Ident(pattern) => role_of(&pattern.ident)?,
        other => {
            return Err(Error::new(
                other.span(),
                "give this argument the name `job`, `inputs` or `settings`, and take it apart in the body",
            ));
        }
    };
    match &*typed.ty {
        Type::Reference(reference) if reference.mutability.is_some() => {
            Err(Error::new_spanned(reference, "take this by value or by a shared reference"))
        }
        Type::ImplTrait(ty) => Err(Error::new_spanned(
            ty,
            "a module's function is not generic: the host must know the one type of its inputs and settings",
        )),
        Type::Reference(reference) => Ok(Argument { role, ty: (*reference.elem).clone(), borrowed: true }),
        ty => Ok(Argument { role, ty: ty.clone(), borrowed: false }),
    }
}

fn role_of(name: &Ident) -> Result<Role> {
    match name.to_string().trim_start_matches('_') {
        "job" => Ok(Role::Job),
        "inputs" => Ok(Role::Inputs),
        "settings" => Ok(Role::Settings),
        _ => Err(Error::new_spanned(
            name,
            format!("a module's function takes `job`, `inputs` and `settings`, known by these names: {EXAMPLE}"),
        )),
    }
}
