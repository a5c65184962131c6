package io.freshet.event;

/**
 * One update of the live model between two versions, for the recommenders to follow at once. It
 * makes sense only to a model of the version and the update before.
 *
 * @param version the version that the updates started from
 * @param update running number of the update since that version, from 1
 * @param timestamp exclusive end of the event time trained on, milliseconds since the epoch
 * @param trainedThrough highest source offset trained on, -1 if none
 * @param weights what changed
 */
public record ModelDelta(
        long version, int update, long timestamp, long trainedThrough, WeightDelta weights) {}
