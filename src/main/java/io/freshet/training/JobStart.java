package io.freshet.training;

import java.io.Serializable;

/**
 * What surrounds the start of a job.
 *
 * @param stateLeft what a run before it has left, in words; a job that finds no state restored then
 *     refuses to run. Empty if there is nothing, or if it may go without
 * @param ownerGroup consumer group whose member lives as long as the job; empty if there is none
 */
public record JobStart(String stateLeft, String ownerGroup) implements Serializable {

    /** Nothing before it, and nobody beside it. */
    public static final JobStart ALONE = new JobStart("", "");
}
