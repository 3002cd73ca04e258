//! The attribute's own arguments: `name`, `version`, `description`, each a constant `&'static str` expression.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, MetaNameValue, Result, Token};

#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) name: Option<Expr>,
    pub(crate) version: Option<Expr>,
    pub(crate) description: Option<Expr>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut arguments = Self::default();
        for pair in Punctuated::<MetaNameValue, Token![,]>::parse_terminated(input)? {
            let key = pair.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let place = match key.as_str() {
                "name" => &mut arguments.name,
                "version" => &mut arguments.version,
                "description" => &mut arguments.description,
                _ => {
                    return Err(Error::new_spanned(
                        pair.path,
                        "unknown key: `module` knows `name`, `version` and `description`, as in \
                         #[cofferdam_sdk::module(name = \"prime-count\")]",
                    ));
                }
            };
            if place.is_some() {
                return Err(Error::new_spanned(pair.path, format!("`{key}` is given twice")));
            }
            *place = Some(pair.value);
        }
        Ok(arguments)
    }
}
