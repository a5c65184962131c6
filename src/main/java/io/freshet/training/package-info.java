/** From panes to model versions: window, trigger, fine-tuner, schedule, replay buffer, gate. */
@NullMarked
package io.freshet.training;

import org.jspecify.annotations.NullMarked;
