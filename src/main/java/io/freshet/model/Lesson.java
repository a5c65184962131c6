package io.freshet.model;

/**
 * Probabilities that an earlier state of the model gave at some positions of a batch, which a step
 * is kept close to (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015;
 * Li and Hoiem, "Learning without Forgetting", ECCV 2016).
 *
 * @param weight what a position's divergence from the teacher counts beside its loss
 * @param positions flat index b·T+t of every taught position, [P]
 * @param sample the rows that the teacher scored, [D]
 * @param probabilities the teacher's probability of each of them at each position, [P, D] row-major
 */
public record Lesson(float weight, int[] positions, RowSample sample, float[] probabilities) {}
