package io.freshet.model;

/**
 * How far one step goes.
 *
 * @param head learning rate of item rows, adapters and biases
 * @param body learning rate of the transformer; 0 freezes it
 * @param clipNorm the gradient's global norm is clipped to this
 * @param seed seed of the step's dropout masks
 */
public record StepRates(float head, float body, float clipNorm, long seed) {}
