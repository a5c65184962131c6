package io.freshet.model;

/**
 * Log-probabilities over all rows but padding.
 *
 * @param topRows best rows, best first, [B, K] row-major
 * @param topScores their log-probabilities, [B, K]
 * @param candidateScores log-probability of each candidate asked for, [B, C]; 0 where unused
 */
public record ScoringResult(int[] topRows, float[] topScores, float[] candidateScores) {}
