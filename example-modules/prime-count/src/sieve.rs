//! A segmented sieve of Eratosthenes over odd numbers.
//!
//! It holds one bit for each odd number of a segment and, for each prime up to the square root of the limit, the next
//! multiple to strike out. Memory is bounded by the segment and that square root, never by the limit.

/// Sieves segment after segment, in order.
pub(crate) struct Sieve {
    /// The first number of the next segment.
    next: u64,
    /// One past the last number to sieve.
    end: u64,
    base: Vec<BasePrime>,
    /// One bit for each odd number of the segment, set when it is struck out.
    struck: Vec<u64>,
}

/// An odd prime up to the square root of the limit.
struct BasePrime {
    prime: u64,
    /// Its next odd multiple to strike out, not below its square.
    multiple: u64,
}

impl Sieve {
    /// A sieve of the numbers from `start` up to and including `limit`.
    pub(crate) fn new(start: u64, limit: u64) -> Self {
        let base = odd_primes_up_to(limit.isqrt())
            .into_iter()
            .map(|prime| BasePrime { prime, multiple: first_multiple(prime, start) })
            .collect();
        Self { next: start, end: limit + 1, base, struck: Vec::new() }
    }

    /// The first number that was not sieved yet.
    pub(crate) fn position(&self) -> u64 {
        self.next
    }

    /// Whether the limit was reached.
    pub(crate) fn is_finished(&self) -> bool {
        self.next >= self.end
    }

    /// Counts the primes among the next `size` numbers, or fewer if the limit comes first.
    pub(crate) fn count_segment(&mut self, size: u64) -> u64 {
        let start = self.next;
        let end = start.saturating_add(size).min(self.end);
        self.next = end;
        // Bit `i` stands for the number `first_odd + 2 * i`.
        let first_odd = start | 1;
        let odds = (end + 1).saturating_sub(first_odd) / 2;
        self.strike_out(first_odd, odds, end);
        let primes = odds - self.struck.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
        // 2 is the one even prime; 1 is odd, and no prime strikes it out.
        primes + u64::from((start..end).contains(&2)) - u64::from((start..end).contains(&1))
    }

    fn strike_out(&mut self, first_odd: u64, odds: u64, end: u64) {
        self.struck.clear();
        self.struck.resize(index(odds.div_ceil(64)), 0);
        for BasePrime { prime, multiple } in &mut self.base {
            if *prime * *prime >= end {
                break;
            }
            let mut bit = (*multiple - first_odd) / 2;
            // Four at a time: each turn of a loop also looks whether the guest is to be interrupted.
            while bit + 3 * *prime < odds {
                for _ in 0..4 {
                    self.struck[index(bit / 64)] |= 1 << (bit % 64);
                    bit += *prime;
                }
            }
            while bit < odds {
                self.struck[index(bit / 64)] |= 1 << (bit % 64);
                bit += *prime;
            }
            *multiple = first_odd + 2 * bit;
        }
    }
}

/// The first odd multiple of `prime` that is neither below its square nor below `start`.
fn first_multiple(prime: u64, start: u64) -> u64 {
    let from = start.div_ceil(prime).max(prime);
    prime * (from | 1)
}

fn odd_primes_up_to(limit: u64) -> Vec<u64> {
    let odds = index(limit.div_ceil(2));
    let mut struck = vec![false; odds];
    let mut primes = Vec::new();
    // Position `i` stands for the number `2 * i + 1`.
    for i in 1..odds {
        if struck[i] {
            continue;
        }
        let prime = 2 * i + 1;
        primes.push(prime as u64);
        for multiple in (2 * i * (i + 1)..odds).step_by(prime) {
            struck[multiple] = true;
        }
    }
    primes
}

/// A position in a table that is bounded by the segment size or the limit's square root.
fn index(position: u64) -> usize {
    usize::try_from(position).expect("both tables are far smaller than the address space")
}

#[cfg(test)]
mod tests {
    use super::Sieve;

    fn count(start: u64, limit: u64, segment: u64) -> u64 {
        let mut sieve = Sieve::new(start, limit);
        let mut primes = 0;
        while !sieve.is_finished() {
            primes += sieve.count_segment(segment);
        }
        primes
    }

    /// Trial division: slow, and plainly right.
    fn is_prime(number: u64) -> bool {
        number >= 2 && (2..=number.isqrt()).all(|divisor| !number.is_multiple_of(divisor))
    }

    #[test]
    fn agrees_with_trial_division_for_every_start_limit_and_segment() {
        let prime = (0..=300).map(is_prime).collect::<Vec<_>>();
        for start in 0..40 {
            for limit in start..=300 {
                let expected = (start..=limit).filter(|&n| prime[usize::try_from(n).expect("small")]).count() as u64;
                for segment in [1, 2, 3, 7, 64, 1_000] {
                    assert_eq!(count(start, limit, segment), expected, "{start}..={limit} by {segment}");
                }
            }
        }
    }

    #[test]
    fn agrees_with_the_published_counts_of_powers_of_ten() {
        // https://oeis.org/A006880
        for (power, expected) in [(3, 168), (4, 1_229), (5, 9_592), (6, 78_498), (7, 664_579)] {
            assert_eq!(count(0, 10_u64.pow(power), 65_536), expected, "10^{power}");
        }
    }

    #[test]
    fn starts_anywhere_far_from_zero() {
        let start = 1_000_000_000_000;
        let expected = (start..=start + 500).filter(|&n| is_prime(n)).count() as u64;
        assert_eq!(count(start, start + 500, 100), expected);
    }
}
