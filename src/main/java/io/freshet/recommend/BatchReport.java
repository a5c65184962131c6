package io.freshet.recommend;

/**
 * What a batch was like.
 *
 * @param requests requests answered, forgotten users' included
 * @param coldStarts requests that no model scored
 * @param probes requests that were probes
 * @param hits probes whose list had the item that the user chose
 * @param scoreNanos time that the model took, nanoseconds
 */
record BatchReport(int requests, int coldStarts, int probes, int hits, long scoreNanos) {}
