package io.freshet.model;

/**
 * What an earlier state of the model said at some positions of a batch, to be held on to while it
 * learns (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015; Li and
 * Hoiem, "Learning without Forgetting", ECCV 2016).
 *
 * @param weight what a position's divergence from the teacher counts beside its loss
 * @param positions flat index b·T+t of every taught position, [P]
 * @param sample the rows that the teacher judged, [D]
 * @param probabilities the teacher's probability of each of them at each position, [P, D] row-major
 */
public record Lesson(float weight, int[] positions, RowSample sample, float[] probabilities) {}
