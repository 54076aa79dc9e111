"""Messages whose content a bot is not given, or that are of a kind which came after this was
written: somebody wrote them all the same (core.telegram.org/bots/api, "Message").
"""

from __future__ import annotations

from integrations.telegram.wire import Written

NOT_SHOWN = "(Telegram shows this kind of message in its own app alone: {kind}. Ask for words.)"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WRITTEN = frozenset({"checklist", "dice", "game", "paid_media", "poll", "story"})
_AROUND = _names(
    """
    author_signature business_connection_id direct_messages_topic effect_id external_reply
    forward_date forward_from forward_from_chat forward_from_message_id forward_origin
    forward_sender_name forward_signature guest_bot_caller_chat guest_bot_caller_user
    guest_query_id has_media_spoiler has_protected_content is_from_offline is_paid_post
    link_preview_options media_group_id paid_star_count quote reply_to_checklist_task_id
    reply_to_poll_option_id reply_to_story sender_boost_count sender_business_bot sender_tag
    show_caption_above_media suggested_post_info venue via_bot
    """
)
"""What stands beside the content of any kind of message."""
_SERVICE = _names(
    """
    boost_added channel_chat_created chat_background_set chat_owner_changed chat_owner_left
    chat_shared checklist_tasks_added checklist_tasks_done connected_website delete_chat_photo
    direct_message_price_changed forum_topic_closed forum_topic_created forum_topic_edited
    forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden gift
    gift_upgrade_sent giveaway giveaway_completed giveaway_created giveaway_winners
    group_chat_created invoice left_chat_member left_chat_participant managed_bot_created
    message_auto_delete_timer_changed migrate_from_chat_id new_chat_member new_chat_members
    new_chat_participant new_chat_photo new_chat_title paid_message_price_changed passport_data
    pinned_message poll_option_added poll_option_deleted proximity_alert_triggered
    refunded_payment successful_payment suggested_post_approval_failed suggested_post_approved
    suggested_post_declined suggested_post_paid suggested_post_refunded supergroup_chat_created
    unique_gift user_shared users_shared video_chat_ended video_chat_participants_invited
    video_chat_scheduled video_chat_started web_app_data write_access_allowed
    """
)
"""What happened in a chat, and nobody wrote."""


def not_shown(written: Written) -> str:
    """Stands for a message that shows nothing else; "" where nobody wrote anything.

    What is of no known kind counts in private chats, where whoever writes waits for an answer.
    """
    there = set(written.model_extra or ())
    kinds = there & _WRITTEN
    if not kinds and written.chat.type == "private" and not there & _SERVICE:
        kinds = there - _AROUND
    named = " ".join(min(kinds).split("_"))[:50] if kinds else ""
    return NOT_SHOWN.format(kind=named) if named else ""
