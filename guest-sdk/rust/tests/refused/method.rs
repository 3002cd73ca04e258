use cofferdam_sdk::Failure;

struct Module;

impl Module {
    #[cofferdam_sdk::module]
    fn run(&self) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {}
