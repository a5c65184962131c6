package io.freshet.event;

/**
 * The announcement of one update of the live model between two versions. Its weights are a file in
 * the model store, which every follower reads by itself.
 *
 * @param revision the live model after the update
 * @param parent the live model before it
 * @param timestamp exclusive end of the event time trained on, milliseconds since the epoch
 * @param trainedThrough highest source offset trained on, -1 if none
 */
public record ModelUpdate(
        ModelRevision revision, ModelRevision parent, long timestamp, long trainedThrough) {}
