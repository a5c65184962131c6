package io.freshet.training;

/**
 * Consecutive version numbers, as state holds them.
 *
 * @param first lowest number
 * @param last highest number
 */
public record VersionRange(long first, long last) {

    /** Whether the number is one of them. */
    public boolean contains(long number) {
        return first <= number && number <= last;
    }
}
