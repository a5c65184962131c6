@NullMarked
package io.freshet.training.operator;

import org.jspecify.annotations.NullMarked;
