/**
 * What a window trains: cutting, bounds, holding out, replay, weights of items, rows of items.
 * Pure.
 */
@NullMarked
package io.freshet.training.window;

import org.jspecify.annotations.NullMarked;
