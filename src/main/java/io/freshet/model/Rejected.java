package io.freshet.model;

/**
 * Items that users rejected, to be made less likely: each adds -log(1 - p) to the loss, p being its
 * probability after the position before the rejection (Wang et al., "Learning from Negative User
 * Feedback and Measuring Responsiveness for Sequential Recommenders", RecSys 2023).
 *
 * @param weight what a rejection counts beside a target
 * @param positions flat index b·T+t of the position before each rejection, [N]
 * @param rows row of each rejected item, [N]
 */
public record Rejected(float weight, int[] positions, int[] rows) {

    /** Nothing was rejected. */
    public static Rejected none() {
        return new Rejected(0, new int[0], new int[0]);
    }
}
