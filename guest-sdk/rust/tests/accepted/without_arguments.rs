const VERSION: &str = "1.2.3";

#[cofferdam_sdk::module(name = "alone", version = VERSION, description = concat!("All ", "alone"))]
pub fn anything() -> Result<(), std::num::ParseIntError> {
    let _: u32 = "7".parse()?;
    Ok(())
}

fn main() {}
