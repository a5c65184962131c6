package io.freshet.model;

/**
 * How far one step goes.
 *
 * @param head learning rate of item rows, adapters and biases
 * @param body learning rate of the transformer; 0 freezes it
 * @param layerDecay the body's rate is that of its topmost block; each block below learns at this
 *     share of the rate above it, and the positions below all blocks at the lowest; in (0, 1]
 * @param clipNorm the gradient's global norm is clipped to this
 * @param seed seed of the step's dropout masks
 */
public record StepRates(float head, float body, float layerDecay, float clipNorm, long seed) {}
