/**
 * What each part of the system is worth: replays of one history that differ in one thing each, and
 * their comparison, position by position.
 */
@NullMarked
package io.freshet.replay.ablation;

import org.jspecify.annotations.NullMarked;
