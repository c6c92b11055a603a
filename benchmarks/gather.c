/* How fast lines of 64 bytes can be fetched in a given order, and what the propagation would cost
   in C: the floor and the reference of benchmarks/closure.py, which compiles this where there is a
   compiler. */
#include <stddef.h>
#include <stdint.h>

typedef uint64_t line __attribute__((vector_size(64), aligned(8)));

void gather(const int32_t *idx, size_t count, const uint64_t *held, uint64_t *into, int ahead) {
    line one = {0}, other = {0};
    for (size_t at = 0; at + 1 < count; at += 2) {
        if (at + ahead + 1 < count) {
            __builtin_prefetch(held + 8 * (size_t)idx[at + ahead]);
            __builtin_prefetch(held + 8 * (size_t)idx[at + ahead + 1]);
        }
        one |= *(const line *)(held + 8 * (size_t)idx[at]);
        other |= *(const line *)(held + 8 * (size_t)idx[at + 1]);
    }
    *(line *)into = one | other;
}

void spread(const int64_t *ptr, const int32_t *idx, size_t rows, uint64_t *held, int ahead) {
    size_t count = ptr[rows];
    for (size_t row = 0; row < rows; row++) {
        line some = *(line *)(held + 8 * row);
        for (size_t at = ptr[row]; at < (size_t)ptr[row + 1]; at++) {
            if (at + ahead < count) __builtin_prefetch(held + 8 * (size_t)idx[at + ahead]);
            some |= *(const line *)(held + 8 * (size_t)idx[at]);
        }
        *(line *)(held + 8 * row) = some;
    }
}
