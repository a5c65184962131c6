/**
 * The fine-tuner: from panes of training sequences to updates of the live model and to versions.
 * Here is what its rooms share: state, jobs and outcomes, and the trainer as a port.
 *
 * <pre>
 * window     what a window trains: cutting, bounds, validation, replay, weights and rows of items
 * learn      batches, steps, schedules, fitting, scores, the gate
 * version    revisions of the model in the store: versions, rollback, migration, retention
 * operator   Flink's part: the operator, its scheduler, buffers, event time, controls
 * </pre>
 *
 * <p>A window is cut in {@code window.WindowAssembler}, a step is taken in {@code
 * learn.FittingLoop}, an update is judged by {@code learn.Gate}, and appended to the log and undone
 * in {@code operator.WindowTraining}; versions are made in {@code version.Promotion} and left in
 * {@code version.Rollback}. {@code window} and {@code learn} are pure.
 */
@NullMarked
package io.freshet.training;

import org.jspecify.annotations.NullMarked;
