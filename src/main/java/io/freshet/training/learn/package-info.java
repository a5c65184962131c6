@NullMarked
package io.freshet.training.learn;

import org.jspecify.annotations.NullMarked;
