/**
 * Predicts whether a user responds to what is shown: a probability for each exposure, from the
 * context, the user and the item, learned online from exposures whose outcome is known.
 */
@NullMarked
package io.freshet.response;

import org.jspecify.annotations.NullMarked;
