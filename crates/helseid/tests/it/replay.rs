//! The memory of used proofs, alone and under many threads.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use helseid::ReplayMemory;

fn id(number: u64) -> [u8; 32] {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&number.to_le_bytes());
    id
}

#[test]
fn an_id_is_new_once() {
    let memory = ReplayMemory::new(1000);
    assert!(memory.remember_once(id(1), 100, 115));
    assert!(!memory.remember_once(id(1), 100, 115));
    assert!(!memory.remember_once(id(1), 115, 130), "still good in its last second");
    assert!(memory.remember_once(id(2), 100, 115));
    assert!(memory.remember_once(id(1), 116, 131), "too old to be accepted, so forgotten");
}

#[test]
fn what_is_too_old_is_not_new() {
    let memory = ReplayMemory::new(1000);
    assert!(!memory.remember_once(id(1), 100, 99));
    assert_eq!(memory.held(), 0);
}

#[test]
fn a_full_memory_refuses_until_time_has_passed() {
    let memory = ReplayMemory::new(64);
    assert_eq!(memory.capacity(), 64);
    assert!(memory.remember_once(id(0), 100, 115));
    assert!(!memory.remember_once(id(64), 100, 115), "the same shard");
    assert!(!memory.remember_once(id(64), 115, 130));
    assert!(!memory.remember_once(id(0), 115, 115), "nothing was forgotten to make room");
    assert!(memory.remember_once(id(64), 116, 131));
    assert_eq!(memory.held(), 1);
}

#[test]
fn the_memory_does_not_grow_with_time() {
    let memory = ReplayMemory::new(10_000);
    for now_s in 0..1000 {
        for number in 0..100 {
            assert!(memory.remember_once(id(now_s as u64 * 100 + number), now_s, now_s + 15));
        }
    }
    assert!(memory.held() <= 16 * 100, "{}", memory.held());
}

#[test]
fn of_many_equal_proofs_at_once_one_wins() {
    const THREADS: usize = 8;
    const IDS: u64 = 2000;
    let memory = ReplayMemory::new(100_000);
    let accepted = AtomicUsize::new(0);
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                start.wait();
                let won = (0..IDS).filter(|number| memory.remember_once(id(*number), 100, 115));
                accepted.fetch_add(won.count(), Ordering::Relaxed);
            });
        }
    });
    assert_eq!(accepted.into_inner(), IDS as usize);
}
