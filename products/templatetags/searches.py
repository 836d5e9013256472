"""What the page of an image search tells beyond its row; loaded by its templates."""

from __future__ import annotations

from django import template

from products.groups import ClusterProfile, profile_of
from products.outcomes import Outcome
from styles.models import Cluster
from styles.stories import STORIES, Story

register = template.Library()


@register.simple_tag
def cluster_profile(cluster: Cluster | None) -> ClusterProfile | None:
    """Return what is in the cluster of a photo; None before the first clustering."""
    return profile_of(cluster) if cluster else None


@register.simple_tag
def main_story(outcome: Outcome) -> Story | None:
    """Return what the likeliest style group of a photo is about; None where none was learnt."""
    return STORIES.get(outcome.style_groups[0].code) if outcome.style_groups else None
