//! No input of about 1 MiB breaks the reader, or makes it hold more than 200 MiB. Counted are the bytes that are asked of the
//! allocator, the same on every machine; resident memory and time are measured by `cargo bench --package topology`.
//! One test alone, so that nothing else allocates meanwhile.

#[path = "../benches/worst_cases.rs"]
mod worst_cases;

use peak_alloc::PeakAlloc;
use topology::Diagnostics;
use topology::source::Source;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MEBIBYTE: usize = 1024 * 1024;
const MOST: usize = 200 * MEBIBYTE;

#[test]
fn every_worst_case_is_refused() {
    let mut most = 0;
    for (name, make) in worst_cases::ALL {
        let text = make();
        assert!(text.len() >= 900_000, "{name} has {} bytes only", text.len());
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let read = topology::read(&Source::new("worst.yaml", text));
        let held = ALLOCATOR.peak_usage().saturating_sub(before);
        assert!(held <= MOST, "{name} took {} MiB", held / MEBIBYTE);
        most = most.max(held);
        let Err(diagnostics) = read else {
            panic!("{name} is accepted");
        };
        are_short(name, &diagnostics);
    }
    // Were nothing counted, everything would pass.
    assert!(most > MEBIBYTE, "the most that was seen is {most} bytes");
}

fn are_short(name: &str, diagnostics: &Diagnostics) {
    for diagnostic in diagnostics {
        assert!(
            diagnostic.message.len() < 4_000,
            "{name}: a message of {} bytes",
            diagnostic.message.len()
        );
        let help = diagnostic.help.as_ref().map_or(0, String::len);
        assert!(help < 4_000, "{name}: a help of {help} bytes");
    }
}
