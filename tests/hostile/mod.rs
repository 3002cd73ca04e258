//! What the host does about a module that misbehaves: one test for each behaviour of the hostile guest, in a file for
//! each of the guest's own themes, and modules that misbehave before they are even taken.

#[macro_use]
#[path = "../guests/hostile/src/list.rs"]
mod list;

mod all_at_once;
mod bounds;
mod calls;
mod compute;
mod count;
mod doctor;
mod ending;
mod folders;
mod instances;
mod invalid;
mod log_lines;
mod memory;
mod neighbours;
mod reach_out;
mod save;
mod shutdown;
mod sockets;
mod streams;
mod trap;
mod uploads;
mod wait;

// A behaviour without a test of its name, in the file of its theme, does not compile.
macro_rules! assert_test_exists {
    ($($behaviour:ident: $theme:ident::$type:ident,)*) => {
        $(#[expect(unused_imports, reason = "only that it exists matters")] use self::$theme::$behaviour as _;)*
    };
}
for_each_behaviour!(assert_test_exists);
