/**
 * The model on DJL's TensorFlow engine; the only importer of DJL and TensorFlow.
 *
 * <h2>The model contract</h2>
 *
 * <p>A model is a TensorFlow SavedModel with tag {@code serve} and the signatures below. {@link
 * io.freshet.model.tensorflow.TensorFlowModelRuntime#create} authors the reference model; a model
 * of yours, from Keras or elsewhere, is loaded by the same code if it has the same signatures. All
 * of them work on one set of variables in one session, so that a training step changes what the
 * serving signature answers at once. Numbers are {@code int32} and {@code float32} unless said
 * otherwise. Sizes: B sequences, T columns (1 to {@code length}), M positions with a target, C
 * candidates, V rows of the item table, R rows of one change, F numbers of an item's frozen content
 * vector (may be 0), K best rows. What is in brackets is optional: it is given, asked for or called
 * if the model has it, and an option that needs it is refused otherwise.
 *
 * <p>Items are rows of a table. Row 0 is padding: never trained, never recommended. {@code items}
 * is filled from the left and 0 behind a sequence's end; {@code positions} are flat indexes b·T+t.
 *
 * <p>Whatever takes {@code items} may take [{@code attributes} [B,T,A] besides: hashes of what else
 * is known of each position, as {@code model.attributes} names it; 0 where unused, else any number.
 * A, which may be 0, differs from call to call, and the order within a position means nothing. A
 * model maps them to as many buckets as it has, by their remainder; one without this input learns
 * from items alone].
 *
 * <table>
 * <caption>Signatures</caption>
 * <tr><th>signature</th><th>inputs</th><th>outputs</th></tr>
 * <tr><td>{@code train}: one gradient step</td>
 *   <td>{@code items} [B,T], {@code positions} [M], {@code labels} [M] (indexes into candidates),
 *   {@code candidates} [C] (distinct rows), {@code log_q} float [C] (subtracted from the
 *   candidate's logit), {@code weights} float [M], {@code head_rate} float (learning rate of item
 *   rows, adapters, biases), {@code body_rate} float (of all else; 0 leaves weights and optimizer
 *   slots as they are), {@code clip_norm} float (of the global gradient), {@code seed} int64 [2]
 *   [, {@code layer_decay} float (what the body's rate is multiplied by from each layer to the one
 *   below it)] [, {@code ratings} float [M] (of the targets, NaN where there is none)]
 *   [, {@code rejected_positions} [N] (flat indexes), {@code rejected_rows} [N] (what the user
 *   rejected after each, to be made less likely there), {@code rejection} float (what a rejection
 *   counts beside a target): all three or none; without, rejections teach nothing]</td>
 *   <td>{@code loss} float (weighted mean over the positions), {@code gradient_norm} float (before
 *   clipping); both from before the step</td></tr>
 * <tr><td>[{@code distill}: a step that holds on to what the model said before]</td>
 *   <td>those of {@code train}, {@code taught_positions} [P], {@code taught_rows} [D] (distinct),
 *   {@code taught_log_q} float [D], {@code taught} float [P,D] (probabilities that {@code teach}
 *   gave), {@code distillation} float (weight of a taught position's divergence)</td>
 *   <td>those of {@code train}</td></tr>
 * <tr><td>[{@code teach}: what the model says now]</td>
 *   <td>{@code items} [B,T], {@code positions} [M], {@code rows} [D] (distinct), {@code log_q} float
 *   [D]</td>
 *   <td>{@code probabilities} float [M,D] (softmax over the rows alone)</td></tr>
 * <tr><td>{@code evaluate}: no learning</td>
 *   <td>{@code items} [B,T], {@code positions} [M], {@code targets} [M] (rows)</td>
 *   <td>{@code ranks} [M] (from 1, among live rows; ties count against the target), {@code losses}
 *   float [M] (cross-entropy over all live rows, in nats) [, {@code ratings} float [M] (predicted
 *   rating of the target; a model that gives it is judged by that)]</td></tr>
 * <tr><td>{@code serving_default}: scores what follows each sequence</td>
 *   <td>{@code items} [B,T], {@code candidates} [B,C] (rows to score besides, 0 where unused; C may
 *   be 0), {@code top} (scalar K)</td>
 *   <td>{@code top_rows} [B,K] (best first; 0 where fewer than K rows are live), {@code
 *   top_item_ids} string [B,K], {@code top_scores} float [B,K] (log-probability over all live
 *   rows), {@code candidate_scores} float [B,C] (the same; 0 where unused)</td></tr>
 * <tr><td>{@code append}: new items take the next rows</td>
 *   <td>{@code item_ids} string [R] (an empty id makes a free row: it is not live), {@code
 *   features} float [R,F], {@code seed} int64 [2]</td>
 *   <td>{@code rows} [R]</td></tr>
 * <tr><td>{@code recycle}: rows change hands, fresh as appended ones, optimizer slots included</td>
 *   <td>{@code rows} [R], {@code item_ids} string [R] (an empty id frees the row: it is live no
 *   more), {@code features} float [R,F], {@code seed} int64 [2]</td>
 *   <td>{@code rows} [R]</td></tr>
 * <tr><td>{@code describe}: content vectors change, what was learned stays</td>
 *   <td>{@code rows} [R], {@code features} float [R,F]</td>
 *   <td>{@code rows} [R]</td></tr>
 * <tr><td>[{@code export_changes}: reads all that training touches; with {@code import_changes},
 *   or not at all: then the recommenders follow from version to version only]</td>
 *   <td>{@code rows} [R], {@code described_rows} [R']</td>
 *   <td>{@code features} float [R',F], {@code row/<variable>} float [R,W] (for each variable with a
 *   row for each item: weights and optimizer slots), {@code dense/<variable>} float (for each other
 *   variable, the optimizer's clocks included); names, number and widths of the variables are the
 *   model's choice</td></tr>
 * <tr><td>[{@code import_changes}: overwrites it; the output of {@code export_changes} makes a model
 *   that was equal to the other before equal to it again, bit for bit]</td>
 *   <td>{@code rows} [R], and every {@code row/<variable>} and {@code dense/<variable>} that {@code
 *   export_changes} gives, of the same type and shape</td>
 *   <td>{@code rows} [R]</td></tr>
 * <tr><td>[{@code serve_only}: frees what training alone needs; with the next three, or not at all.
 *   Recommenders call it, and from then on {@code append} of free rows, {@code serving_default},
 *   {@code item_ids}, {@code item_vectors} and the next three]</td><td>none</td>
 *   <td>{@code rows} (V)</td></tr>
 * <tr><td>[{@code follow}: overwrites what scoring depends on]</td>
 *   <td>{@code renamed_rows} [N] (ascending; new ones were appended as free rows before), {@code
 *   item_ids} string [N], {@code described_rows} [R'], {@code features} float [R',F], {@code rows}
 *   [R], and those of the {@code row/<variable>} and {@code dense/<variable>} of {@code
 *   export_changes} that scoring depends on</td>
 *   <td>{@code rows} [R]</td></tr>
 * <tr><td>[{@code prepare_follow}: computes ahead what the next {@code follow} makes of all items,
 *   beside what is current; called while another thread scores]</td>
 *   <td>those of {@code follow}; new rows are not appended yet</td>
 *   <td>{@code rows} [R]</td></tr>
 * <tr><td>[{@code adopt_prepared}: makes that current, after this {@code follow}]</td><td>none</td>
 *   <td>{@code rows} (V)</td></tr>
 * <tr><td>{@code item_ids}</td><td>none</td>
 *   <td>{@code item_ids} string [V]; row 0 and freed rows are empty</td></tr>
 * <tr><td>{@code item_vectors}, optional: without it, only items with a content vector are
 *   diversified</td><td>none</td>
 *   <td>{@code item_vectors} float [V,W]; W is up to the model</td></tr>
 * <tr><td>{@code info}</td><td>none</td>
 *   <td>{@code length} (most columns of {@code items}), {@code rows} (V), {@code feature_width} (F)
 *   [, {@code architecture} string (what the reference model was built as; a model of yours has
 *   none, and is never rebuilt)]</td></tr>
 * </table>
 *
 * <p>Saving and restoring go through the SavedModel's own saver ({@code MetaGraphDef.saver_def},
 * which every exporter writes), the one TensorFlow loads it with: whatever it tracks, optimizer
 * slots included, is in {@code variables/}. So track the optimizer (Keras: {@code model.optimizer =
 * …} on the exported module); a variable that grows has a shape with an unknown first dimension
 * ({@code tf.Variable(…, shape=[None, width])}).
 *
 * <p>An init op, if there is one, runs when the model is loaded and not again.
 *
 * <p>A model that lacks a signature, an input or an output is refused when it is loaded, with all
 * that is missing and what is there.
 *
 * <p>{@link io.freshet.model.tensorflow.reference.signature} authors the reference model, which is
 * exported and then loaded like any other.
 */
@NullMarked
package io.freshet.model.tensorflow;

import org.jspecify.annotations.NullMarked;
