package io.freshet.event;

/**
 * How likely a response to an exposure was held to be, before anything was known that came after
 * the exposure, and whether it came.
 *
 * @param userId who was shown the item
 * @param itemId what was shown
 * @param timestamp event time of the exposure, milliseconds since the epoch
 * @param partition source partition of the exposure
 * @param offset source offset of the exposure
 * @param probability predicted probability of a response
 * @param responded whether a response came within the wait
 * @param learnedThrough greatest source offset of an exposure that was learned from before, in
 *     whichever partition; -1 for none
 */
public record PredictedResponse(
        String userId,
        String itemId,
        long timestamp,
        int partition,
        long offset,
        float probability,
        boolean responded,
        long learnedThrough) {}
