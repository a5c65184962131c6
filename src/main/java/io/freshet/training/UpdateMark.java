package io.freshet.training;

/**
 * One training window that was applied to the live model.
 *
 * @param window running number of the window, from 1
 * @param start first event time of the window, milliseconds since the epoch
 * @param end exclusive end of the window in event time, milliseconds since the epoch
 * @param interactions interactions that the window brought
 * @param sequences sequences they came in
 * @param replayed sequences of earlier versions that were trained with them
 * @param targets positions trained on, replayed ones included
 * @param millis time spent training, in milliseconds
 * @param passes passes over the window; 0 if that was not recorded, which means all
 */
public record UpdateMark(
        long window,
        long start,
        long end,
        int interactions,
        int sequences,
        int replayed,
        int targets,
        long millis,
        int passes) {

    UpdateMark trained(int newTargets, long newMillis, int newPasses) {
        return new UpdateMark(
                window,
                start,
                end,
                interactions,
                sequences,
                replayed,
                newTargets,
                newMillis,
                newPasses);
    }
}
