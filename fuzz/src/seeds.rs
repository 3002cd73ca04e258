//! Replays the seeds of every target, as ordinary tests.

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use crate::{TARGETS, named};

    fn seeds() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")
    }

    fn entries(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        entries.map(|entry| entry.expect("it can be read").path()).collect()
    }

    #[test]
    fn every_target_bears_its_seeds() {
        for target in TARGETS {
            let seeds = entries(&seeds().join(target.name));
            assert!(seeds.len() >= 2, "{} has {} seeds", target.name, seeds.len());
            for seed in seeds {
                // The name of a seed that a target does not bear is in the test's output.
                println!("{}", seed.display());
                (target.run)(&fs::read(&seed).expect("it can be read"));
            }
        }
    }

    #[test]
    fn every_folder_of_seeds_has_its_target() {
        for folder in entries(&seeds()) {
            let name = folder.file_name().and_then(|name| name.to_str()).expect("a plain name").to_owned();
            assert!(named(&name).is_some(), "there is no target {name}");
        }
    }

    #[test]
    fn every_target_bears_nothing_and_everything() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        for target in TARGETS {
            (target.run)(&[]);
            (target.run)(&all);
            (target.run)(&all.repeat(20));
        }
    }
}
