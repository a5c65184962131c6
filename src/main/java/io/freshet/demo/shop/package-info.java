/**
 * What the demo's topics are fed with: a shop that is generated from a seed, or one from CSV files.
 *
 * <h2>The generated shop</h2>
 *
 * A pure function of its seed and {@link io.freshet.demo.shop.ShopSettings}: the same seed gives
 * the same records, byte for byte, at the same shop times. What a recommender can learn, and what
 * makes it learn anew:
 *
 * <ul>
 *   <li><b>Latent tastes.</b> Every style, material and product word has a latent vector, an item's
 *       is their sum and a little of its own, a shopper's taste is close to a few styles. So a
 *       title hints at who will like it. Tastes drift between visits, and now and then a shopper
 *       takes up another department.
 *   <li><b>Sequence.</b> Shoppers come in sessions. About half of the steps follow what goes with
 *       the last item: every item has a few companions, most of them of departments that go with
 *       its own. Companions are redrawn over time.
 *   <li><b>Novelty.</b> Items arrive, announced in the catalog before their first sale, are bought
 *       more often while they are new, become companions of others, and are withdrawn one day. New
 *       shoppers come, too.
 *   <li><b>Trends.</b> A few items are hot for some days.
 *   <li><b>Repeats.</b> Some steps buy again what the shopper bought before.
 *   <li><b>Feedback.</b> Items have a brand and a price. Some of what is found is only looked at,
 *       or stays in the cart, and some purchases are returned. Some shoppers dislike a brand and
 *       hide its items, others only look at what is expensive. At night there are fewer visits, and
 *       more only look.
 *   <li><b>Trouble.</b> Some records arrive late or twice, and a few are broken in every way that
 *       {@link io.freshet.demo.shop.ShopRecord.Fault} lists.
 * </ul>
 */
@NullMarked
package io.freshet.demo.shop;

import org.jspecify.annotations.NullMarked;
